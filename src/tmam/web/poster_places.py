"""Poster compositions for places and journeys: museums, tours, trains, flights."""

from __future__ import annotations

from tmam.web.poster_parts import HEIGHT, WIDTH, Sheet, around, hills, num, wave


def arcade(sheet: Sheet) -> None:
    """Museum: arches within arches, a sun in one of them."""
    c, chance = sheet.colours, sheet.chance
    sheet.fill(c.ground)
    count = chance.choice((3, 4))
    span = WIDTH / count
    lit = count // 2
    for number in range(count):
        centre = span * (number + 0.5)
        for depth, paint in enumerate((c.far, c.middle, c.near)):
            half = span * (0.45 - depth * 0.09)
            top = 70 + depth * span * 0.14 + (0 if number == lit else 24)
            data = f"M{num(centre - half)} {HEIGHT}V{num(top + half)}a{num(half)} {num(half)} 0 0 1 {num(half * 2)} 0V{HEIGHT}z"
            sheet.path(data, paint)
        if number == lit:
            sheet.circle((centre, 284), span * 0.19, c.note)
    sheet.path(f"M0 352H{WIDTH}V{HEIGHT}H0z", c.light)
    sheet.path(f"M0 376H{WIDTH}V{HEIGHT}H0z", c.ground)


def fields(sheet: Sheet) -> None:
    """Museum: a wall of framed fields of colour."""
    c, chance = sheet.colours, sheet.chance
    sheet.fill(c.ground)
    across, down = (
        (96, chance.choice((216, 250)), chance.choice((350, 386)), 504),
        (50, chance.choice((176, 224)), 350),
    )
    noted = chance.randrange(6)
    for cell in range(6):
        column, row = cell % 3, cell // 3
        x, y = across[column] + 6, down[row] + 6
        width, height = across[column + 1] - x - 6, down[row + 1] - y - 6
        field, shape = chance.sample((c.far, c.middle, c.near, c.light), 2)
        motif(sheet, (x, y, width, height), field, c.note if cell == noted else shape)


def motif(sheet: Sheet, box: tuple[float, float, float, float], field: str, paint: str) -> None:
    """One framed field with a plain shape in it."""
    x, y, width, height = box
    small = min(width, height)
    sheet.rect(x, y, width, height, field)
    match sheet.chance.randrange(5):
        case 0:
            sheet.circle((x + width / 2, y + height / 2), small * 0.32, paint)
        case 1:
            sheet.path(
                f"M{num(x)} {num(y + height)}a{num(small)} {num(small)} 0 0 1 {num(small)} {num(-small)}v{num(small)}z",
                paint,
            )
        case 2:
            sheet.rect(x + width * 0.26, y + height * 0.26, width * 0.48, height * 0.48, paint)
        case 3:
            sheet.path(
                f"M{num(x)} {num(y + height)}l{num(width / 2)} {num(-height * 0.74)} {num(width / 2)} {num(height * 0.74)}z",
                paint,
            )
        case _:
            for stripe in range(3):
                sheet.rect(x, y + height * (0.14 + stripe * 0.29), width, height * 0.145, paint)


def temple(sheet: Sheet) -> None:
    """Museum: columns and a gable, in flat light."""
    c, chance = sheet.colours, sheet.chance
    sheet.fill(c.ground)
    sheet.circle((chance.choice((200, 300, 400)), 150), chance.randint(96, 124), c.note)
    sheet.polygon([(110, 168), (300, 74), (490, 168)], c.near)
    sheet.polygon([(176, 156), (300, 96), (424, 156)], c.far)
    sheet.rect(118, 168, 364, 20, c.light)
    columns = chance.choice((4, 5, 6))
    pitch = 344 / columns
    for number in range(columns):
        x = 128 + (number + 0.2) * pitch
        sheet.rect(x, 188, pitch * 0.6, 144, c.near)
        sheet.rect(x + pitch * 0.34, 188, pitch * 0.26, 144, c.middle)
    for step in range(3):
        sheet.rect(104 - step * 24, 332 + step * 23, 392 + step * 48, 23, (c.light, c.far, c.middle)[step])


def lagoon(sheet: Sheet) -> None:
    """Tour: a low sun over warm water, a palm on the shore."""
    c, chance = sheet.colours, sheet.chance
    sheet.fill(sheet.fade(c.far, c.ground))
    sun, radius = chance.randint(270, 330), chance.randint(88, 112)
    sheet.circle((sun, 190), radius, c.note)
    sheet.rect(0, 224, WIDTH, 176, c.middle)
    for step in range(5):
        half = radius * (0.9 - step * 0.16)
        sheet.rect(sun - half, 238 + step * 17, half * 2, 7, c.note, corner=3.5)
    sheet.path(wave(338, 18, 330, chance.randint(0, 300)), c.near)
    side = chance.choice((-1, 1))
    shore = 300 - side * 170
    sheet.path(f"M{shore - 190} {HEIGHT}Q{shore} {312} {shore + 190} {HEIGHT}z", c.light)
    dark = min(c.ground, c.near, c.light, key=lambda paint: sum(bytes.fromhex(paint[1:])))
    palm(sheet, (shore, 366), chance.randint(206, 232), side, dark)


def palm(sheet: Sheet, foot: tuple[float, float], tall: float, lean: int, paint: str) -> None:
    """A palm: a tapering stem and seven fronds."""
    x, y = foot
    top_x, top_y = x + lean * tall * 0.3, y - tall
    bend = x + lean * tall * 0.02
    sheet.path(
        f"M{num(x - 8)} {num(y)}Q{num(bend - 6)} {num(y - tall * 0.6)} {num(top_x - 3)} {num(top_y)}h6Q{num(bend + 7)} {num(y - tall * 0.55)} {num(x + 8)} {num(y)}z",
        paint,
    )
    for degrees in (-168, -132, -92, -52, -14, 24, 156):
        turn = -1 if degrees < -92 or degrees > 90 else 1
        tip = around((top_x, top_y), tall * 0.48, degrees + turn * 12)
        bow = around((top_x, top_y), tall * 0.36, degrees - turn * 30)
        back = around((top_x, top_y), tall * 0.24, degrees - turn * 2)
        sheet.path(
            f"M{num(top_x)} {num(top_y)}Q{num(bow[0])} {num(bow[1])} {num(tip[0])} {num(tip[1])}Q{num(back[0])} {num(back[1])} {num(top_x)} {num(top_y)}z",
            paint,
        )


def islands(sheet: Sheet) -> None:
    """Tour: islands one behind the other, and the sea before them."""
    c, chance = sheet.colours, sheet.chance
    sheet.fill(sheet.fade(c.ground, c.far))
    sheet.circle((chance.randint(190, 410), chance.randint(100, 136)), chance.randint(56, 76), c.note)
    for step, paint in enumerate((c.far, c.middle, c.near)):
        peak, level = chance.randint(150, 450), 232 + step * 44
        skyline = [
            (-40, level + 20),
            (peak - 210, level + 6),
            (peak, level - 100 + step * 14),
            (peak + 190, level + 4),
            (680, level + 24),
        ]
        sheet.path(hills([(x, y) for x, y in skyline]), paint)
    sheet.path(wave(334, 14, 240, chance.randint(0, 200)), c.light)
    sheet.path(wave(366, 14, 300, chance.randint(0, 200)), c.middle)


def scales(sheet: Sheet) -> None:
    """Tour: a striped sun behind a sea of round waves."""
    c, chance = sheet.colours, sheet.chance
    sheet.fill(c.ground)
    sheet.circle((300, 196), 138, c.note)
    for step in range(chance.choice((3, 4))):
        sheet.rect(150, 150 + step * 27, 300, 5 + step * 4, c.ground)
    radius = chance.choice((50, 60))
    circles = "".join(
        f'<circle r="{num(radius * (1 - ring * 0.24))}" fill="{paint}"/>'
        for ring, paint in enumerate((c.light, c.middle, c.near, c.far))
    )
    sheet.definitions.append(f'<g id="scale">{circles}</g>')
    for row in range(5):
        for number in range(-1, round(WIDTH / radius / 2) + 2):
            x, y = number * radius * 2 + (row % 2) * radius, 268 + row * radius * 0.62 + radius
            sheet.draw(f'<use href="#scale" x="{x}" y="{num(y)}"/>')


def railway(sheet: Sheet) -> None:
    """Train: rails that run to the horizon between hills."""
    c, chance = sheet.colours, sheet.chance
    sheet.fill(sheet.fade(c.far, c.ground))
    vanish = chance.choice((240, 300, 360))
    sheet.circle((vanish, 168), chance.randint(76, 100), c.note)
    sheet.path(hills([(-20, 190), (110, 136), (260, 212), (420, 146), (620, 204)]), c.middle)
    sheet.rect(0, 226, WIDTH, 174, c.near)
    sheet.polygon([(vanish - 5, 226), (vanish + 5, 226), (460, 400), (140, 400)], c.middle)
    for step in range(1, 10):
        share = (step / 9.4) ** 2.1
        x, y, half = vanish + (300 - vanish) * share, 226 + 174 * share, 4 + 118 * share
        sheet.rect(x - half, y, half * 2, 2 + 11 * share, c.ground, corner=1)
    for side in (-1, 1):
        sheet.polygon(
            [
                (vanish + side * 3 - 1, 226),
                (vanish + side * 3 + 1, 226),
                (300 + side * 92 + 8, 400),
                (300 + side * 92 - 8, 400),
            ],
            c.light,
        )


def express(sheet: Sheet) -> None:
    """Train: a long train across a country of stripes."""
    c, chance = sheet.colours, sheet.chance
    sheet.fill(sheet.fade(c.ground, c.far))
    sheet.circle((chance.randint(220, 400), 130), chance.randint(60, 82), c.note)
    for step, paint in enumerate((c.far, c.middle)):
        left, right = chance.randint(90, 200), chance.randint(420, 520)
        skyline = [
            (-20, 210 + step * 34),
            (left, 140 + step * 44),
            (340, 216 + step * 20),
            (right, 150 + step * 40),
            (640, 214 + step * 30),
        ]
        sheet.path(hills([(x, y) for x, y in skyline]), paint)
    sheet.path("M-20 208H352c66 0 112 30 138 82H-20z", c.light)
    sheet.path("M378 222c34 6 58 22 76 44H378z", c.ground)
    for number in range(6):
        sheet.rect(-14 + number * 62, 224, 46, 32, c.ground, corner=7)
    sheet.rect(-20, 270, 498, 7, c.note)
    sheet.rect(0, 290, WIDTH, 110, c.near)
    for step in range(4):
        sheet.rect(0, 304 + step * 26, WIDTH, 5 + step * 3, c.middle)


def viaduct(sheet: Sheet) -> None:
    """Train: a small train on a tall viaduct."""
    c, chance = sheet.colours, sheet.chance
    sheet.fill(sheet.fade(c.ground, c.far))
    sheet.circle((chance.choice((200, 300, 400)), 150), chance.randint(84, 112), c.note)
    sheet.path(hills([(-20, 250), (120, 190), (300, 270), (470, 196), (620, 256)]), c.middle)
    span = chance.choice((86, 100, 120))
    arches = "".join(
        f"M{num(x)} {HEIGHT}V{num(240 + span * 0.4)}a{num(span * 0.4)} {num(span * 0.4)} 0 0 1 {num(span * 0.8)} 0V{HEIGHT}z"
        for x in (300 - span * 0.4 + step * span for step in range(-4, 5))
    )
    sheet.draw(f'<path fill="{c.near}" fill-rule="evenodd" d="M0 212H{WIDTH}V{HEIGHT}H0z{arches}"/>')
    sheet.rect(0, 204, WIDTH, 12, c.light)
    for wagon in range(4):
        sheet.rect(170 + wagon * 66, 172, 60, 30, c.light, corner=6)
        sheet.path(
            "".join(f"M{178 + wagon * 66 + window * 16} 179h10v10h-10z" for window in range(3)), c.ground
        )
    sheet.path(wave(374, 16, 280, chance.randint(0, 200)), c.far)


PLANE = "M66 0c0-7-10-9-22-9H14L-16-44h-14l14 35h-26l-12-16h-11l7 25-7 25h11l12-16h26l-14 35h14L14 9h30c12 0 22-2 22-9z"


def orbits(sheet: Sheet) -> None:
    """Flight: routes around the curve of the earth."""
    c, chance = sheet.colours, sheet.chance
    sheet.fill(sheet.fade(c.ground, c.far))
    side = chance.choice((-1, 1))
    sheet.circle((300 - side * 120, 128), chance.randint(50, 68), c.note)
    for step in range(4):
        sheet.ring((300, 640), 372 + step * 44, c.light if step == 2 else c.middle, 3 if step == 2 else 2)
    sheet.circle((300, 640), 344, c.middle)
    sheet.circle((300, 672), 344, c.near)
    x, y = around((300, 640), 460, -90 + side * 8)
    sheet.draw(f'<g transform="translate({num(x)} {num(y)}) scale({side * 1.1:g} 1.1) rotate(8)">')
    sheet.path(PLANE, c.light)
    sheet.draw("</g>")


def above_clouds(sheet: Sheet) -> None:
    """Flight: banks of cloud and one white line across the sky."""
    c, chance = sheet.colours, sheet.chance
    sheet.fill(sheet.fade(c.ground, c.near))
    sheet.circle((chance.randint(240, 360), 200), chance.randint(88, 116), c.note)
    rising = chance.choice((-1, 1))
    sheet.line(f"M{300 - rising * 330} 316L{300 + rising * 98} 98", c.light, 4, 0.8)
    sheet.draw(f'<g transform="translate({300 + rising * 118} 88) scale({rising * 0.8:g} .8) rotate(-27)">')
    sheet.path(PLANE, c.light)
    sheet.draw("</g>")
    for step, paint in enumerate((c.middle, c.far, c.light)):
        level, x = 284 + step * 42, -chance.randint(20, 90)
        data = f"M{x} {HEIGHT}V{level}"
        while x < WIDTH + 40:
            span = chance.randint(80, 170)
            data += f"a{num(span / 2)} {num(span * 0.36)} 0 0 1 {span} 0"
            x += span
        sheet.path(f"{data}V{HEIGHT}z", paint)


def cabin_windows(sheet: Sheet) -> None:
    """Flight: the sky through three windows."""
    c, chance = sheet.colours, sheet.chance
    sheet.fill(sheet.fade(c.middle, c.near))
    sheet.circle((300 + chance.choice((-150, 0, 150)), 178), 52, c.note)
    sheet.path(hills([(-20, 262), (110, 224), (250, 266), (390, 216), (620, 262)]), c.light)
    sheet.path(hills([(-20, 300), (160, 270), (330, 302), (480, 262), (620, 296)]), c.far)
    windows = "".join(f"M{x} 156a60 62 0 0 1 120 0v88a60 62 0 0 1-120 0z" for x in (90, 240, 390))
    sheet.draw(f'<path fill="{c.ground}" fill-rule="evenodd" d="M0 0H{WIDTH}V{HEIGHT}H0z{windows}"/>')
    sheet.draw(f'<path fill="none" stroke="{c.far}" stroke-width="9" d="{windows}"/>')
