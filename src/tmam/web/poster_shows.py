"""Poster compositions for shows: concerts, theatre, cinema. Each draws on a fresh sheet."""

from __future__ import annotations

import math

from tmam.web.poster_parts import HEIGHT, WIDTH, Sheet, around, num, wave


def rings(sheet: Sheet) -> None:
    """Concert: a tone that spreads in rings."""
    c, chance = sheet.colours, sheet.chance
    sheet.fill(c.ground)
    centre = chance.choice(((300, 400), (300, 210), (220, 400), (380, 400), (230, 200)))
    paints = [c.far, c.middle, c.near, c.light]
    radius, note = 330.0, chance.choice((2, 5, 6))
    for step in range(10):
        sheet.circle(centre, radius, c.note if step == note else paints[step % 4])
        radius -= chance.choice((20, 32, 48))
        if radius < 30:
            break
    sheet.circle(centre, 15, c.ground)


def swell(sheet: Sheet) -> None:
    """Concert: sound as layered waves under one round tone."""
    c, chance = sheet.colours, sheet.chance
    sheet.fill(c.ground)
    sheet.circle((chance.randint(220, 380), chance.randint(118, 150)), chance.randint(72, 98), c.note)
    length, height = chance.randint(280, 440), chance.randint(60, 104)
    for step, paint in enumerate((c.far, c.middle, c.near, c.light)):
        sheet.path(
            wave(178 + step * 58, height - step * 10, length - step * 24, chance.randint(0, 300)), paint
        )


def equaliser(sheet: Sheet) -> None:
    """Concert: columns of sound, mirrored at the middle line."""
    c, chance = sheet.colours, sheet.chance
    sheet.fill(c.ground)
    count = chance.choice((9, 11, 13))
    pitch = 460 / count
    phase, speed = chance.random() * 6, chance.uniform(0.6, 1.1)
    for step in range(count):
        swing = abs(math.sin(phase + step * speed)) * 0.7 + 0.3 * chance.random()
        tall = 44 + 290 * swing * math.sin(math.pi * (step + 0.7) / (count + 0.4))
        paint = c.note if step == count // 2 else (c.middle, c.near, c.light)[step % 3]
        sheet.rect(70 + (step + 0.19) * pitch, 200 - tall / 2, pitch * 0.62, tall, paint, corner=pitch * 0.31)


def chord(sheet: Sheet) -> None:
    """Concert: three round tones; where two meet they sound another colour."""
    c, chance = sheet.colours, sheet.chance
    sheet.fill(c.ground)
    turn, radius = chance.randint(0, 119), chance.randint(94, 110)
    for step in range(4):
        sheet.ring((300, 200), radius * 1.82 + step * 27, c.far, 7)
    places = [around((300, 200), radius * 0.6, turn + step * 120) for step in range(3)]
    for place, paint in zip(places, (c.middle, c.near, c.note), strict=True):
        sheet.circle(place, radius, paint)
    for number, paint in enumerate((c.far, c.light, c.ground)):
        x, y = places[number]
        circle = f'<circle cx="{num(x)}" cy="{num(y)}" r="{radius}"/>'
        sheet.definitions.append(f'<clipPath id="c{number}">{circle}</clipPath>')
        sheet.draw(f'<g clip-path="url(#c{number})">')
        sheet.circle(places[(number + 1) % 3], radius, paint)
        sheet.draw("</g>")
    sheet.circle((300, 200), radius * 0.24, c.note)


def curtain(sheet: Sheet) -> None:
    """Theatre: two curtains drawn aside, a light on the boards."""
    c, chance = sheet.colours, sheet.chance
    sheet.fill(sheet.fade(c.ground, c.far))
    sheet.polygon([(292, -20), (308, -20), (424, 350), (176, 350)], c.light, 0.16)
    sheet.path(f"M0 338H{WIDTH}V{HEIGHT}H0z", c.ground)
    sheet.draw(f'<ellipse cx="300" cy="352" rx="130" ry="22" fill="{c.light}"/>')
    sheet.circle((300, chance.randint(196, 240)), chance.randint(46, 66), c.note)
    for side in (-1, 1):
        edge = WIDTH if side > 0 else 0
        for fold in range(5):
            top, foot = 300 + side * (96 + fold * 46), 300 + side * (166 + fold * 30)
            data = f"M{top} 0C{top} 170 {foot - side * 60} 230 {foot} {HEIGHT}H{edge}V0z"
            sheet.path(data, (c.near, c.middle)[fold % 2])
    span = WIDTH / chance.choice((6, 8))
    valance = f"a{num(span / 2)} 32 0 0 1 {num(-span)} 0" * round(WIDTH / span)
    sheet.path(f"M0 0H{WIDTH}V30{valance}z", c.near)


def beams(sheet: Sheet) -> None:
    """Theatre: crossing lights, and a moon where they meet."""
    c, chance = sheet.colours, sheet.chance
    sheet.fill(sheet.fade(c.ground, c.far))
    for lamp, paint in zip(
        (110, 236, 364, 490), chance.sample((c.middle, c.near, c.light, c.note), 4), strict=True
    ):
        target, spread = 300 + (300 - lamp) * chance.uniform(0.2, 0.5), chance.randint(64, 92)
        sheet.polygon(
            [(lamp - 6, 0), (lamp + 6, 0), (target + spread, 340), (target - spread, 340)], paint, 0.55
        )
    sheet.path(f"M0 340H{WIDTH}V{HEIGHT}H0z", c.ground)
    sheet.draw(f'<ellipse cx="300" cy="340" rx="186" ry="24" fill="{c.light}"/>')
    sheet.circle((300, 266), 62, c.note)
    sheet.path("M300 204a62 62 0 0 1 0 124z", c.near)


def masks(sheet: Sheet) -> None:
    """Theatre: the two masks, glad and sad."""
    c, chance = sheet.colours, sheet.chance
    sheet.fill(c.ground)
    sheet.circle((300, 200), 186, c.far)
    glad_first = chance.random() < 0.5
    for number, (x, y, turn, paint) in enumerate(((232, 206, -9, c.near), (366, 216, 9, c.note))):
        mouth = (
            "M-42 44q42 44 84 0q-42 18-84 0z"
            if (number == 0) == glad_first
            else "M-40 74q40-46 80 0q-40-20-80 0z"
        )
        sheet.draw(f'<g transform="translate({x} {y}) rotate({turn})">')
        sheet.path("M-84-96q84 30 168 0v92c0 72-40 118-84 132c-44-14-84-60-84-132z", paint)
        sheet.path("M0-84q44 0 84-12v92c0 72-40 118-84 132z", c.ground, 0.16)
        sheet.path("M-58-14q20-30 42 0q-20 12-42 0zM16-14q20-30 42 0q-20 12-42 0z", c.ground)
        sheet.path(mouth, c.ground)
        sheet.draw("</g>")


def projector(sheet: Sheet) -> None:
    """Cinema: the beam from the booth, in slices of light."""
    c, chance = sheet.colours, sheet.chance
    sheet.fill(c.ground)
    mirrored = chance.random() < 0.5
    sheet.draw('<g transform="matrix(-1 0 0 1 600 0)">' if mirrored else "<g>")
    lamp, tilt = (138.0, 200.0), chance.choice((-8, 0, 8))
    for step, paint in enumerate((c.far, c.middle, c.near, c.light, c.near, c.middle, c.far)):
        first, second = (around(lamp, 640, tilt - 38.5 + (step + side) * 11) for side in (0, 0.93))
        sheet.polygon([lamp, first, second], c.note if step == 3 and tilt else paint)
    sheet.circle(lamp, 62, c.middle)
    sheet.circle(lamp, 44, c.ground)
    sheet.circle(lamp, 27, c.note)
    sheet.draw("</g>")


def frames(sheet: Sheet) -> None:
    """Cinema: a strip of frames, a sun that rises from one to the next."""
    c, chance = sheet.colours, sheet.chance
    sheet.fill(c.ground)
    sheet.draw(f'<g transform="rotate({chance.choice((-10, -7, 7, 10))} 300 200)">')
    sheet.rect(-80, 76, 760, 248, c.near)
    holes = "".join(f"M{-66 + hole * 38} 86h16v16h-16zm0 212h16v16h-16z" for hole in range(20))
    sheet.path(holes, c.ground)
    risen = chance.choice((1, 2))
    for number in range(4):
        x = -69 + number * 186
        sheet.rect(x, 118, 170, 164, (c.far, c.middle)[number % 2], corner=6)
        sheet.circle((x + 85, 226 - number * 20), 38, c.note if number == risen else c.light)
        sheet.path(f"M{x} 276v-30q42-28 85 0t85 0v30a6 6 0 0 1-6 6h-158a6 6 0 0 1-6-6z", c.ground)
    sheet.draw("</g>")


def stalls(sheet: Sheet) -> None:
    """Cinema: the lit screen over rows of seats."""
    c, chance = sheet.colours, sheet.chance
    sheet.fill(c.ground)
    sheet.polygon([(96, 40), (504, 40), (600, 400), (0, 400)], c.far)
    sheet.rect(96, 40, 408, 196, c.light, corner=8)
    sun = chance.randint(210, 390)
    sheet.circle((sun, 158), 56, c.note)
    sheet.path("M96 196q68-62 136-14t136-8t136 10v44a8 8 0 0 1-8 8h-392a8 8 0 0 1-8-8z", c.near)
    sheet.path("M96 214q100-34 204-8t204-6v28a8 8 0 0 1-8 8h-392a8 8 0 0 1-8-8z", c.middle)
    for row, paint in enumerate((c.middle, c.far, c.ground)):
        wide = 58 + row * 16
        level, first = 272 + row * 42, 300 - wide * 1.08 * (5.5 - row * 0.5)
        for seat in range(12):
            sheet.rect(first + seat * wide * 1.08, level, wide, 140, paint, corner=16 + row * 4)
