"""Danger first: the rules, the spelling they see through, and the notices they bring."""

from __future__ import annotations

import csv
import re
from functools import partial
from pathlib import Path

import pytest

from qa import danger_patterns, danger_patterns_es
from qa.safety import Danger, assess, normalise
from tests.little_work import least_seconds

MESSAGES = Path(__file__).parent / "data" / "danger.csv"
LINES_OF_THE_PATTERNS = 152
"""Of each half. The patterns were written beside these; later lines measure them with the learnt
layer (`tests/test_danger_model.py`)."""


@pytest.mark.parametrize(
    "message",
    [
        "I took 40 pills",
        "he swallowed the whole bottle",
        "took too much ketamine and I feel odd",
        "i t00k all my p1lls",
        "crushing chest pain, please help",
        "chest pain right now",
        "I can\u2019t breathe",
        "her lips are turning blue",
        "I can't wake him up",
        "my throat is closing up",
        "my son is having a seizure",
        "I'm bleeding badly",
        "I think I am having a stroke",
        "My toddler ate my lithium tablets",
    ],
)
def test_something_happening_now_is_an_emergency(message: str) -> None:
    assert assess(message).danger is Danger.EMERGENCY


@pytest.mark.parametrize(
    "message",
    [
        "I want to die",
        "kms",
        "going to end it all",
        "everyone would be better off without me",
        "I can't do this anymore",
        "I can't do this any more",
        "don't want to wake up tomorrow",
        "no reason to go on",
        "I've written goodbye letters",
        "giving my dog away because I won't be here",
        "I have a gun and I'm done",
        "tired of being alive",
        "wish I was never born",
        "I'm going to kill him",
        "I might hurt my kids",
        "I attempted suicide in 2019 and the thoughts are back",
        "how many of these pills to not wake up",
    ],
)
def test_a_writer_who_may_harm_is_in_crisis(message: str) -> None:
    found = assess(message)
    assert (found.danger, found.third_person) == (Danger.CRISIS, False)


@pytest.mark.parametrize(
    "around", ["{} \U0001f622", "{}\U0001f494\U0001f494", "({})", "{} :(", "!{}"]
)
@pytest.mark.parametrize(
    "message", ["I dont want to exist", "i keep wanting to cut", "there's no reason to go on"]
)
def test_neither_an_emoji_nor_a_bracket_hides_danger(message: str, around: str) -> None:
    assert assess(around.format(message)).danger is Danger.CRISIS


@pytest.mark.parametrize("mark", ["?", "??", " ?", "?!", " :( ?"])
@pytest.mark.parametrize(
    ("message", "danger"),
    [
        ("my brother says he wants to end it", Danger.CRISIS),
        ("my son is choking", Danger.EMERGENCY),
        ("help i am choking", Danger.EMERGENCY),
    ],
)
def test_a_question_mark_behind_a_statement_hides_no_danger(
    message: str, danger: Danger, mark: str
) -> None:
    assert assess(message + mark).danger is danger


@pytest.mark.parametrize(
    "message",
    [
        "my husband says he wants to end it",
        "my son has been cutting himself",
        "My brother is suicidal",
        "my friend tried to kill himself last week",
    ],
)
def test_another_who_may_harm_themselves_is_a_crisis_in_the_third_person(message: str) -> None:
    found = assess(message)
    assert (found.danger, found.third_person) == (Danger.CRISIS, True)


def test_nobody_is_told_to_stay_with_one_who_threatens_them() -> None:
    found = assess("my husband hits me and I am afraid to go home")
    assert (found.danger, found.third_person) == (Danger.CRISIS, False)


@pytest.mark.parametrize(
    "message",
    [
        "does ketamine reduce suicidal thoughts?",
        "can you overdose on it?",
        "what are the signs of an overdose",
        "lost my brother to suicide, is PTSD hereditary",
        "Why do people try to kill themselves?",
        "I had suicidal thoughts in 2015, can I still be treated?",
    ],
)
def test_asking_about_it_is_a_mention(message: str) -> None:
    assert assess(message).danger is Danger.MENTION


@pytest.mark.parametrize(
    "message",
    [
        "should I stop my sertraline?",
        "what dose should I take?",
        "can I take it with my lithium?",
        "is it ok for me to double my lamotrigine",
        "do I need to go to the ER for this",
        "am I a good candidate",
        "should my wife try it",
        "I have asthma and take Prozac, is it safe for me?",
        "should I stop my lithium before an overdose test?",
    ],
)
def test_a_decision_about_ones_own_care_is_advice(message: str) -> None:
    assert assess(message).danger is Danger.ADVICE


@pytest.mark.parametrize(
    "message",
    [
        "my back is killing me",
        "dying to know what it costs",
        "I was shot in Iraq",
        "does it kill the pain?",
        "will this kill the worm?",
        "bored to death",
        "dead tired after it",
        "can it kill you",
        "is chest pain a side effect of ketamine?",
        "can't breathe through my nose",
        "does it cause seizures",
        "my father had a stroke in 2010",
        "What causes shortness of breath in people with asthma?",
        "my chest hurt last year",
        "what to do if someone has a seizure",
        "I am having a seizure workup next week",
        "I took 10 mg of Lexapro this morning",
        "I took all my pills this morning as usual",
        "my dad is not responding to treatment",
        "I'm scared I won't wake up after anesthesia",
        "I don't want to go on insulin",
        "I won't be here on Friday, can we move it",
        "can I hurt my baby by sleeping on my back?",
        "What dose do they use?",
        "how much is given in the trials?",
        "what should I ask my doctor?",
        "should I bring someone?",
        "can I drive home?",
        "can I drink alcohol before",
        "can I catch it from my dog",
        "",
    ],
)
def test_ordinary_questions_raise_no_alarm(message: str) -> None:
    assert assess(message).danger is Danger.NONE


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("I\u2019m  going\n to", "i am going to"),
        ("su\u200bici\u00adde", "suicide"),
        ("\uff4b\uff49\uff4c\uff4c", "kill"),
        ("k\u0456ll", "kill"),
        ("k1ll su1c1de d!e", "kill suicide die"),
        ("k i l l", "kill"),
        ("!k1ll *s3lf* 'd1e' !!h4rm!!", "kill self die harm!!"),
        ("~~kill~~ #myself <die> kill/myself", "kill myself die kill myself"),
        ("to the a&e, 120/80, and/or (b)", "to the a&e, 120/80, and or b"),
        ("sucide suicde", "suicide suicide"),
        ("kil myself!!", "kill myself!!"),
        ("I dieeee", "i die"),
        ("i want 2 d1e", "i want to die"),
        ("im gonna unalive rn", "i am going to kill myself rn"),
        ("unalive.", "kill myself."),
        ("i have unalive thoughts", "i have suicidal thoughts"),
        ("does it unalive brain cells", "does it kill brain cells"),
        ("they get unalived in the game", "they get killed in the game"),
        ("i wanna, dont u", "i want to, do not you"),
        ("cant wont im ur", "cannot will not i am your"),
        ("50mg in 4 hours of h1n1, b12", "50mg in 4 hours of h1n1, b12"),
        ("stage III", "stage iii"),
        ("¿Mañana, señor? Él está aquí", "¿manana, senor? el esta aqui"),
        ("kiero morirme xq ia no puedo", "quiero morirme porque ya no puedo"),
        ("q u i e r o m o r i r", "quieromorir"),
        ("el boy scout has a toy", "el boy scout has a toy"),
    ],
)
def test_normalise(typed: str, plain: str) -> None:
    assert normalise(typed) == plain


def test_an_assessment_holds_nothing_of_the_message() -> None:
    assert assess("I want to die, says Xylophone").rule in {r.name for r in danger_patterns.CRISIS}


def test_the_gravest_finding_wins() -> None:
    assert assess("I want to die. I took 40 pills.").danger is Danger.EMERGENCY
    assert assess("Should I stop my lithium? I want to die.").danger is Danger.CRISIS


HOSTILE = {
    "one letter": "a" * 50_000,
    "blanks": " " * 50_000,
    "i": "i " * 25_000,
    "intent": "i want to think about going to " * 1_650,
    "relation": "my my husband my " * 3_000,
    "took": "i took all of my taken my whole " * 1_550,
    "advice": "should i stop my is it safe for me to take it with " * 1_000,
    "how many": "how many wish want hope not see a point of " * 1_200,
    "punctuation": "i, and so now i'd'd'd k.i.l.l-" * 1_650,
    "leet": "k1ll!!!!" * 6_250,
    "spelt out": "k i l l " * 6_250,
    "long ago": " now years" * 5_000,
    "quiero": "no quiero voy a pienso en me " * 1_700,
    "kin": "mi la mi hermana su mi ex que se " * 1_500,
    "tome": "me tome todas las veinte mi frasco de " * 1_300,
    "cuantas": "cuantas puedo debo tomar guardo tengo una " * 1_200,
    "cuando": "hace anos cuando en el no hay ultima " * 1_350,
    "marks": "¿¡" * 25_000,
    "joined": "kill/" * 10_000,
    "around": "#~'*!k1ll" * 5_550,
    "run together": "iwanttowanttoiwanttowanttoiwanttowanttox " * 1_220,
    "starred": "s***ide k*ll* " * 3_570,
    "unseen": "kill\u3164\u034f" * 8_330,
}
RULES = [
    rule
    for tables in (danger_patterns, danger_patterns_es)
    for table in (tables.EMERGENCY, tables.CRISIS, tables.ADVICE, tables.MENTION)
    for rule in table
]


def test_no_brace_of_a_table_is_left_unfilled() -> None:
    for rule in RULES:
        for pattern in filter(None, (rule.pattern, rule.unless)):
            assert not re.search(r"\{[a-z]", pattern.pattern), rule.name


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("length", [10_000, pytest.param(50_000, marks=pytest.mark.nightly)])
def test_hostile_text_takes_linear_time(name: str, length: int) -> None:
    """Work that grows with the square of the length takes seconds at the lesser one too."""
    enough = length * 1e-5
    assert least_seconds(lambda: normalise(HOSTILE[name][:length]), enough) < enough
    text = f" {normalise(HOSTILE[name][:length])}"
    for rule in RULES:
        for pattern in filter(None, (rule.pattern, rule.unless)):
            assert least_seconds(partial(pattern.search, text), enough) < enough, rule.name


def messages(half: str) -> list[dict[str, str]]:
    with MESSAGES.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["half"] == half]


def test_the_halves_are_told_apart_by_their_line() -> None:
    lines = MESSAGES.read_text("utf-8").splitlines()[1:]
    assert len(lines) >= 160
    for number, line in enumerate(lines, start=2):
        assert line.endswith(",tuned" if number % 2 else ",untouched"), number


@pytest.mark.parametrize(
    ("half", "recall", "alarms"), [("tuned", 0.95, 0.0), ("untouched", 0.75, 0.03)]
)
def test_recall_and_false_alarms(half: str, recall: float, alarms: float) -> None:
    rows = messages(half)[:LINES_OF_THE_PATTERNS]
    for kind in ("emergency", "crisis", "mention", "advice"):
        meant = [row["message"] for row in rows if row["expect"] == kind]
        grave = {"emergency", "crisis"} if kind in ("emergency", "crisis") else {kind}
        found = [text for text in meant if assess(text).danger.value in grave]
        assert len(found) >= recall * len(meant), kind
    harmless = [row["message"] for row in rows if row["expect"] in ("none", "mention", "advice")]
    alarmed = [
        text for text in harmless if assess(text).danger in (Danger.EMERGENCY, Danger.CRISIS)
    ]
    assert len(alarmed) <= alarms * len(harmless)


@pytest.mark.parametrize(
    ("message", "danger"),
    [
        ("I am having an asthma attack and the blue inhaler does not help", Danger.EMERGENCY),
        ("my son is having a bad asthma attack", Danger.EMERGENCY),
        ("he is having a heart attack", Danger.EMERGENCY),
        ("my dad is having an allergic reaction", Danger.EMERGENCY),
        ("what causes an asthma attack", Danger.NONE),
        ("how do I know if I am having a heart attack?", Danger.NONE),
    ],
)
def test_an_attack_now_is_an_emergency(message: str, danger: Danger) -> None:
    assert assess(message).danger is danger


@pytest.mark.parametrize(
    ("message", "danger"),
    [
        ("i just passed out", Danger.EMERGENCY),
        ("I fainted", Danger.EMERGENCY),
        ("my chest hurts while wearing it", Danger.EMERGENCY),
        ("I passed out last year after ketamine", Danger.NONE),
        ("i fainted yesterday", Danger.NONE),
        ("can i shower tonight? ive cut my wrists", Danger.EMERGENCY),
        ("is 40 paracetamol enough to go to sleep and not wake up", Danger.CRISIS),
        ("Can I pass out from this?", Danger.NONE),
        ("What if my chest hurts after a treatment?", Danger.NONE),
        ("a really bad pain in my chest, maybe i should wait and see?", Danger.EMERGENCY),
        ("my chest is crushing and my left arm is numb?", Danger.EMERGENCY),
        ("do i need a referral, im having crushing chest pain right now?", Danger.EMERGENCY),
        ("Does ketamine cause crushing chest pain?", Danger.NONE),
        ("Me duele mucho el pecho y se me duerme el brazo?", Danger.EMERGENCY),
        ("¿Puede la ketamina hacer que me duela el pecho?", Danger.NONE),
        ("¿Qué hago si me duele el pecho?", Danger.NONE),
    ],
)
def test_fainting_and_chest_pain_that_are_told_now(message: str, danger: Danger) -> None:
    assert assess(message).danger is danger


@pytest.mark.parametrize(
    ("message", "danger", "third"),
    [
        ("Me tragué veinte tabletas de diazepam", Danger.EMERGENCY, False),
        ("no puedo respirar, me duele el pecho", Danger.EMERGENCY, False),
        ("mi abuelo se desplomó y no reacciona", Danger.EMERGENCY, True),
        ("mi sobrino se tomó el cloro", Danger.EMERGENCY, True),
        ("hola, ¿abren hoy? se me está hinchando la lengua", Danger.EMERGENCY, False),
        ("quiero suicidarme", Danger.CRISIS, False),
        ("Ya no quiero vivir", Danger.CRISIS, False),
        ("kiero morirme", Danger.CRISIS, False),
        ("me voy a tirar del puente", Danger.CRISIS, False),
        ("ojalá no despertara nunca", Danger.CRISIS, False),
        ("¿Cuánto cuesta? Me voy a matar si no me ayudan", Danger.CRISIS, False),
        ("mi novia se quiere matar", Danger.CRISIS, True),
        ("mi marido me golpea y tengo miedo", Danger.CRISIS, False),
        ("¿baja la ketamina el suicidio?", Danger.MENTION, False),
        ("perdí a mi primo por una sobredosis", Danger.MENTION, False),
        ("¿puedo dejar mis pastillas antes de la infusión?", Danger.ADVICE, False),
        ("¿es segura para mí?", Danger.ADVICE, False),
    ],
)
def test_danger_said_in_spanish(message: str, danger: Danger, third: bool) -> None:
    found = assess(message)
    assert (found.danger, found.third_person) == (danger, third)


@pytest.mark.parametrize(
    "message",
    [
        "me muero de risa",
        "me muero de ganas de conocer a la doctora",
        "la cuenta me mató",
        "ya no quiero vivir en este barrio",
        "quiero terminar con el papeleo",
        "me tomé todas las pastillas del antibiótico",
        "no puedo respirar por la nariz",
        "mi tío tuvo un infarto hace seis años",
        "¿puede dar convulsiones?",
        "me corté el pelo",
        "me corto las venas si hay fila, jajaja",
        "mi hijo no se despierta temprano",
        "me pegó la gripe",
        "¿cuánto dura la sesión?",
    ],
)
def test_ordinary_spanish_raises_no_alarm(message: str) -> None:
    assert assess(message).danger is Danger.NONE


@pytest.mark.parametrize(
    ("message", "danger"),
    [
        ("i cut myself last night. can i drive after ketamine?", Danger.CRISIS),
        ("I overdosed last week, can I still have ketamine?", Danger.CRISIS),
        ("ive harmed myself again", Danger.CRISIS),
        ("I just burned myself on purpose", Danger.CRISIS),
        ("I cut myself shaving this morning", Danger.NONE),
        ("i cut myself on a can last night, is that a problem for the infusion", Danger.NONE),
        ("I burned myself on the stove yesterday", Danger.NONE),
    ],
)
def test_self_harm_of_these_days_is_a_crisis_beside_any_question(
    message: str, danger: Danger
) -> None:
    assert assess(message).danger is danger
