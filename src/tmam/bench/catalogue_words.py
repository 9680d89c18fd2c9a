"""The words, places and habits that the made-up catalogue of `tmam.bench.catalogue` is drawn from."""

from __future__ import annotations

from typing import NamedTuple


class City(NamedTuple):
    """A city with its country, clock and currency; `weight` says how many events it draws."""

    name: str
    country: str
    time_zone: str
    currency: str
    weight: int


# More than half of all events are in one city, so that its name is as common a word as a catalogue has.
CITIES = (
    City("Madrid", "ES", "Europe/Madrid", "EUR", 1500),
    City("Barcelona", "ES", "Europe/Madrid", "EUR", 200),
    City("Valencia", "ES", "Europe/Madrid", "EUR", 90),
    City("Sevilla", "ES", "Europe/Madrid", "EUR", 80),
    City("Zaragoza", "ES", "Europe/Madrid", "EUR", 40),
    City("Bilbao", "ES", "Europe/Madrid", "EUR", 40),
    City("Las Palmas", "ES", "Atlantic/Canary", "EUR", 20),
    City("Lisboa", "PT", "Europe/Lisbon", "EUR", 60),
    City("Porto", "PT", "Europe/Lisbon", "EUR", 30),
    City("Paris", "FR", "Europe/Paris", "EUR", 90),
    City("Lyon", "FR", "Europe/Paris", "EUR", 30),
    City("Berlin", "DE", "Europe/Berlin", "EUR", 70),
    City("Hamburg", "DE", "Europe/Berlin", "EUR", 40),
    City("München", "DE", "Europe/Berlin", "EUR", 40),
    City("Wien", "AT", "Europe/Vienna", "EUR", 40),
    City("Milano", "IT", "Europe/Rome", "EUR", 50),
    City("Roma", "IT", "Europe/Rome", "EUR", 50),
    City("London", "GB", "Europe/London", "GBP", 120),
    City("Manchester", "GB", "Europe/London", "GBP", 40),
    City("New York", "US", "America/New_York", "USD", 80),
    City("Chicago", "US", "America/Chicago", "USD", 40),
    City("San Francisco", "US", "America/Los_Angeles", "USD", 30),
    City("Santiago", "CL", "America/Santiago", "CLP", 60),
    City("Valparaíso", "CL", "America/Santiago", "CLP", 20),
    City("Tokyo", "JP", "Asia/Tokyo", "JPY", 40),
)


class Habit(NamedTuple):
    """How events of a kind are: how many in a hundred, from how many dates to how many, hours long, price in euros."""

    kind: str
    percent: int
    dates_min: int
    dates_max: int
    hours: int
    price_min: int
    price_max: int


# Weighted by events, a catalogue of 4,000 has about 25 dates an event: as many as 100,000 dates need.
HABITS = (
    Habit("concert", 52, 1, 4, 3, 12, 140),
    Habit("theatre", 18, 6, 50, 2, 15, 80),
    Habit("cinema", 12, 20, 120, 2, 6, 14),
    Habit("museum", 8, 60, 180, 8, 0, 25),
    Habit("tour", 10, 20, 90, 3, 10, 60),
)

_FIRST_NAMES_TEXT = """
    Ana Bruno Carla Daniel Elena Farid Greta Hugo Inés Jonas Kaito Lucía Marta Nils Olga Pablo Quirin Rosa Sven Teresa
    Ulla Vera Wanda Ximena Yusuf Zoe Amira Boris Chiara Dario Emil Fiona Gael Hanna Ivo Julia
"""
FIRST_NAMES = tuple(_FIRST_NAMES_TEXT.split())
_LAST_NAMES_TEXT = """
    Núñez Ortega Castellanos Weber Lindqvist Moretti Okafor Tanaka Duarte Beaumont Kowalski Petrov Ferreira Valdés
    Ibarra Schäfer Novák Rossi Haddad Yamamoto Delgado Fontaine Brandt Carvalho Echeverría Larsen Marchetti Quintana
    Saavedra Thorne Villanueva Zimmermann Alarcón Bianchi Cifuentes Dvořák
"""
LAST_NAMES = tuple(_LAST_NAMES_TEXT.split())
_GROUP_WORDS_TEXT = """
    Quartet Ensemble Trio Orchestra Collective Band Choir Company Players Brothers
"""
GROUP_WORDS = tuple(_GROUP_WORDS_TEXT.split())
_SYLLABLES_TEXT = """
    ba ce di fo gu ha ji ka lo mu na pe qui ro sa te vi xo ya zu bran cor del fir gol
"""
SYLLABLES = tuple(_SYLLABLES_TEXT.split())

ADJECTIVES = (
    ("Golden", "Dorada"), ("Silent", "Silenciosa"), ("Winter", "Invernal"), ("Electric", "Eléctrica"),
    ("Blue", "Azul"), ("Last", "Última"), ("Hidden", "Oculta"), ("Eternal", "Eterna"), ("Wild", "Salvaje"),
    ("Broken", "Rota"), ("Northern", "Boreal"), ("Red", "Roja"), ("Secret", "Secreta"), ("Open", "Abierta"),
    ("Midnight", "Nocturna"), ("Sunken", "Hundida"), ("Bright", "Brillante"), ("Distant", "Lejana"),
)  # fmt: skip
NOUNS = (
    ("Night", "Noche"), ("Garden", "Huerta"), ("River", "Ribera"), ("Light", "Luz"), ("Memory", "Memoria"),
    ("City", "Ciudad"), ("Moon", "Luna"), ("Storm", "Tormenta"), ("Journey", "Travesía"), ("Letter", "Carta"),
    ("House", "Casa"), ("Dance", "Danza"), ("Island", "Isla"), ("Season", "Temporada"), ("Voice", "Voz"),
    ("Kingdom", "Corona"), ("Bridge", "Pasarela"), ("Forest", "Selva"), ("Mirror", "Luna"), ("Symphony", "Sinfonía"),
)  # fmt: skip
GENRES = (
    "jazz", "rock", "flamenco", "opera", "fado", "techno", "folk", "blues", "soul", "baroque", "chamber", "gospel",
    "impressionism", "photography", "sculpture", "comedy", "drama", "documentary", "architecture", "gastronomy",
)  # fmt: skip
SENTENCES = (
    ("A work that asks what we keep when everything else is gone", "Una obra que pregunta qué guardamos cuando todo lo demás se va"),
    ("The artists meet for the first time on this stage", "Los artistas se encuentran por primera vez en este escenario"),
    ("Written in a single summer and played ever since", "Escrita en un solo verano e interpretada desde entonces"),
    ("An evening for families, friends and anybody who is curious", "Una velada para familias, amigos y cualquiera con curiosidad"),
    ("The critics called it the discovery of the year", "La crítica lo llamó el descubrimiento del año"),
    ("With an introduction half an hour before the beginning", "Con una introducción media hora antes del comienzo"),
    ("The rooms open slowly, from the oldest to the newest", "Las salas se abren despacio, de la más antigua a la más nueva"),
    ("Everything is told with light, wood and very few words", "Todo se cuenta con luz, madera y muy pocas palabras"),
    ("The route follows the old walls down to the harbour", "La ruta sigue las viejas murallas hasta el puerto"),
    ("Subtitles and an induction loop are available", "Hay subtítulos y bucle magnético"),
    ("Afterwards the bar stays open and the artists come down", "Después el bar sigue abierto y los artistas bajan"),
    ("Restored from the only copy that survived the fire", "Restaurada a partir de la única copia que sobrevivió al incendio"),
)  # fmt: skip
# What houses print below every text: it makes these words occur nearly everywhere.
HOUSE_RULES = (
    "Doors close when the concert, the film or the visit begins. No flash and no recording. Latecomers are let in at the interval.",
    "Las puertas se cierran cuando empieza el concierto, la película o la visita. Sin flash ni grabaciones. Quien llegue tarde entra en el descanso.",
)  # fmt: skip
VENUE_WORDS = (
    "Sala", "Teatro", "Auditorio", "Museo", "Arena", "Casa", "Palacio", "Club", "Cine", "Centro",
)  # fmt: skip
