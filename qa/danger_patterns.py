"""The words of danger: tables of patterns over text that `qa.safety.normalise` has made plain.

There contractions are spelt out ("i am", "cannot", "do not"), letters are small and blanks single.
Every gap is bounded, so a search takes time linear in the message's length. Each rule is tried on
one sentence at a time, a blank before it. `{who}` makes two rules of one: about the writer, and
about others.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

__all__ = [
    "ADVICE",
    "BESIDE",
    "CRISIS",
    "DISGUISED",
    "EMERGENCY",
    "ENDINGS",
    "LEET",
    "MENTION",
    "PHRASES",
    "SPELLINGS",
    "Rule",
    "made_rules",
]

# Without apostrophes, in haste, or spelt wrong. "ill", "id" and "well" are words and stay.
_WRITTEN = {
    "i am": ("im", "iam"),
    "i have": ("ive",),
    "cannot": ("cant", "cnt", "can't"),
    "will not": ("wont", "won't"),
    "he is": ("hes", "he's"),
    "she is": ("shes", "she's"),
    "it is": ("it's",),
    "that is": ("thats", "that's"),
    "there is": ("theres", "there's"),
    "what is": ("whats", "what's"),
    "who is": ("who's",),
    "they are": ("theyre",),
    "want to": ("wanna",),
    "going to": ("gonna", "gunna"),
    "trying to": ("tryna",),
    "have to": ("gotta",),
    "you": ("u",),
    "your": ("ur",),
    "are": ("r",),
    "should": ("shud", "shuld"),
    "because": ("bc", "cuz"),
    "everyone": ("everybody", "every1"),
    "nobody": ("no-one",),
    "anymore": ("anymor",),
    "want": ("wnat",),
    "kill": ("kil", "kll", "unalive"),
    "killing": ("kiling", "unaliving"),
    "killed": ("kiled", "unalived"),
    "myself": ("mysef", "myslef", "meself"),
    "suicide": ("sucide", "suicde", "suiside", "sucicide", "suicied"),
    "suicidal": ("sucidal", "suicidle", "suisidal"),
    "overdose": ("overdoes",),
    "overdosed": ("od'd", "od'ed", "oded", "overdosd"),
    "pills": ("pils",),
    "ketamine": ("ketamin",),
    "giving": ("givin",),
    "needing": ("needin",),
    "going": ("goin",),
    "them": ("em",),
}
_VERBS = ("do", "does", "did", "is", "are", "was", "were", "have", "has", "had", "would", "could")
SPELLINGS = {form: meant for meant, forms in _WRITTEN.items() for form in forms}
SPELLINGS |= {
    f"{verb}{end}": f"{verb} not" for verb in (*_VERBS, "should") for end in ("nt", "n't")
}
PHRASES = {
    "any more": "anymore",
    "no one": "nobody",
    "self harm": "self-harm",
    "my self": "myself",
    "sui cide": "suicide",
    "su icide": "suicide",
    "suici de": "suicide",
    "sewer slide": "suicide",
    "sewerslide": "suicide",
}
ENDINGS = {"'m": " am", "'ve": " have", "'re": " are", "'ll": " will", "'d": " would"}
LEET = str.maketrans("013457!|$@*", "oieastiisai")
# Digits are read as letters only where one of these words comes out: "50mg" and "h1n1" stay.
_DISGUISED = (
    *("kill", "killing", "killed", "myself", "suicide", "suicidal", "die", "dying", "died", "dead"),
    *("death", "self", "harm", "hurt", "cut", "cutting", "hang", "gun", "pills", "took", "life"),
    *("overdose", "overdosed", "kms", "end", "shoot", "want", "wanna"),
)
DISGUISED = frozenset(_DISGUISED)
BESIDE = frozenset(
    (
        *("i", "im", "ive", "my", "me", "to", "the", "a", "it", "all", "am", "is", "be", "not"),
        *("going", "gonna", "need", "cant", "dont", "this", "and", "just", "really", "now", "so"),
        *("he", "she", "wants", "wanted", "commit", "committed", "feel", "feeling", "live"),
        *("anymore", "today", "tonight", "thinking", "of", "about", "go", "on", "trying"),
    )
)
"""What stands beside those in words that are run together; no others are taken apart."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern, and what in the same sentence shows that it means something harmless."""

    name: str
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None
    third_person: bool

    def fires(self, sentence: str) -> bool:
        """Whether a sentence (normalised, a blank before it) says this and nothing excuses it."""
        if self.pattern.search(sentence) is None:
            return False
        return self.unless is None or self.unless.search(sentence) is None


# What the braces in the tables stand for, each before those that it is made of.
_SLOTS = {
    # Somebody asks whether they, or one of theirs, should …
    "{ask}": (
        r"(?:(?:should|shall|can|could|may|must|would|ought) {me}(?: just| still| also| safely)?"
        r"|do(?:es)? {me} (?:need|have) to|(?:is|would|will) it(?: be)? (?:ok|okay|safe|alright"
        r"|all right|fine|bad|dangerous)(?: for (?:me|him|her|my(?: \w+)? {relation}))?(?: to| if"
        r" (?:i|he|she))|(?:do|would) you (?:think|say|recommend|suggest|advise|reckon)(?: that)?"
        r" {me}(?: should| ought to| can| could| need to| had better)?|you think {me} (?:should"
        r"|ought to|can|could))"
    ),
    "{change}": (
        r"(?:stop|quit|start|restart|skip|miss|halve|double|increase|decrease|reduce|lower|raise"
        r"|taper|wean|change|switch|come off|go off|go on|get off|stay|keep|continue|hold|pause"
        r"|cut|drop|up)(?:ping)?"
    ),
    "{me}": r"(?:i|we|he|she|(?:my|our)(?: \w+)? {relation})",
    # What makes many pills harmless: taken over time, or as they should be.
    "{course}": (
        r"{past}|\bif\b|\b(?:a|per|every|each) (?:day|week|month)\b|\bdaily\b|\bover the (?:last"
        r"|past)|\bcourse\b|\bfor (?:a|\d+|two|three|six|ten) (?:days?|weeks?|months?)\b"
        r"|\bprescribed\b|\bas (?:usual|directed|told|normal|always)\b"
    ),
    # Not happening now: asked about, imagined, of the past or lasting.
    "{general}": (
        r"{past}|{if}|\b(?:signs?|symptoms?|side effects?|caus(?:es?|ed|ing)|risks?|chances?|ever"
        r"|sometimes|usually|always|often|why|does|did|would|could|might|common|normal|prevent"
        r"|what (?:is|are|kind|does|do)|which|how (?:do|does|can|long|common|likely|many|much)"
        r"|can (?:it|you|this|that)|every (?:day|night|time|month)|for (?:weeks|months|years))\b"
    ),
    "{past}": (
        r"\b(?:years? ago|months? ago|last (?:year|month|week|summer|winter|spring|fall)|in (?:19"
        r"|20)\d\d|when (?:i|he|she|they) w(?:as|ere)|as a (?:kid|child|teen\w*)|used to|in the"
        r" past|history of|(?:passed away|died)\b|grew up|back then|once)\b"
    ),
    "{if}": r"\b(?:if|when|whether|in case|unless|how do (?:i|you|we) (?:know|tell))\b",
    # Ways of speaking of one's own death.
    "{lethal}": (
        r"(?:kill(?:ing)? {self}|end(?:ing)? {own} (?:own )?li(?:fe|ves)|tak(?:e|ing) {own} own"
        r" li(?:fe|ves)|end(?:ing)? it all|end(?:ing)? (?:it|things)(?=\??$|[,:]| (?:tonight|today"
        r"|now|soon|for good|and|but|because))|(?:hang|shoot|drown|stab|poison|suffocat"
        r"|overdos)(?:e|ing)? {self}|slit(?:ting)? {own} (?:wrists?|throat)|(?:commit(?:ting)?"
        r" )?suicide(?! prevention)|jump(?:ing)? (?:off (?:a|the)|in front of)|blow(?:ing)? {own}"
        r" (?:brains|head))"
    ),
    "{intent}": (
        r"(?:wants?|wanted|wanting|wish\w*|going to|plan\w*|try|tries|trying|tried|threat\w+"
        r"|think\w*|thoughts of|talk\w*|says?|said|saying|needs?|decided|about to|ready to|might"
        r"|may|will|would|could|should|keeps?|feels?|feeling|attempt\w*|consider\w*|tempted"
        r"|urges? to|intend\w*|rather)"
    ),
    "{endless}": r"(?: anymore| any longer| much longer| like this| in this (?:world|life)|{end})",
    "{reason}": (
        r"(?:no|not (?:see|have|find) (?:a|any|the)|what(?: is(?: even)? the)?|lost (?:all|my))"
    ),
    "{injury}": (
        r"\b(?:shav\w+|cook\w+|kitchen|lift\w+|exercis\w+|workout|gym|run(?:ning)?|fell|falls?"
        r"|stove|paper|by accident|accident\w*|sport\w*|stretch\w*|walk\w*|work)\b"
    ),
    # What lies years back is not a crisis, unless it is said to have come back.
    "{long_ago}": (
        r"^(?!.*\b(?:again|back|still|this week|today|tonight|now|lately)\b).*\b(?:years? ago"
        r"|decades? ago|in (?:19|20)\d\d|when (?:i|he|she|they) w(?:as|ere)|as a (?:kid|child"
        r"|teen\w*)|used to|in the past|history of|passed away|died|back then|in (?:high"
        r" )?school)\b"
    ),
    "{took}": r"(?:took|taken|swallowed|injected|snorted|popped|downed|ingested)",
    "{many}": (
        r"(?:(?:[1-9]\d|\d{3})(?! ?(?:m?c?g|ml|cc|units?|milligrams|minutes|hours|days|years"
        r"|%)\b)\b|twenty|thirty|forty|fifty|sixty|dozens? of|a hundred)"
    ),
    "{any}": r"(?:{i}|{other})",
    "{i}": r"(?:\bi|(?:^|[,:]|\b(?:and|but|so|just|now))(?= {opening}))",
    # A clause whose "i" is left out opens with one of these.
    "{opening}": (
        r"(?:am|feel\w*|want\w*|going|took|taken|just|have|having|had|cannot|can|could|keep\w*"
        r"|think\w*|thought|tr(?:ied|ying)|might|will|about|so|really|planning|swallowed|ate"
        r"|drank|injected|cut|cutting|accidentally|overdos(?:ed|ing)|wish\w*|need\w*|gasping"
        r"|struggling|started|relapsed|tired|standing|sitting|still|hurt\w*|not|self-harm\w*"
        r"|popped|downed|snorted|ready|bought|got|been|gonna|decided|seriously|suicidal)\b"
    ),
    "{other}": (
        r"\b(?:he|she|they|someone|somebody|(?:my|our|a|this|the|his|her)(?: [\w'-]{1,15}){0,2}?"
        r" {relation})(?:'s)?(?: from the [\w'-]{1,15})?"
    ),
    # The same as {other}, but of one who threatens the writer: nobody is told to stay with them.
    "{attacker}": (
        r"\b(?:he|she|they|someone|somebody|(?:my|our|a|this|the|his|her)(?: [\w'-]{1,15}){0,2}?"
        r" {relation})(?:'s)?(?: from the [\w'-]{1,15})?"
    ),
    "{them}": r"(?:him|her|them|my (?:[\w'-]{1,15} )?{relation})",
    "{relation}": (
        r"(?:husband|wife|hubby|partner|spouse|boyfriend|girlfriend|bf|gf|fiancee?|ex|son"
        r"|daughter|kids?|child(?:ren)?|baby|infant|toddler|teen(?:ager)?|mom|mum|mother|dad"
        r"|father|parents?|brother|sister|twin|friend|buddy|mate|roommate|neighbou?r|uncle|aunt"
        r"|cousin|gran|grandma|grandmother|grandpa|grandfather|grandson|granddaughter|nephew"
        r"|niece|coworker|colleague|patient|client|student|girl|boy|man|guy|woman|veteran|loved"
        r" one|family member|year old)"
    ),
    "{self}": r"(?:myself|himself|herself|themsel(?:f|ves))",
    "{own}": r"(?:my|his|her|their)",
    # Up to so many words between.
    "{w1}": r"(?: [\w'-]{1,15}){0,1}",
    "{w2}": r"(?: [\w'-]{1,15}){0,2}",
    "{w4}": r"(?: [\w'-]{1,15}){0,4}",
    "{w6}": r"(?: [\w'-]{1,15}){0,6}",
    "{end}": r"(?= ?(?:$|[,:()?]| (?:and|but|so|because|please|help|lol)\b))",
    "{pills}": (
        r"(?:pills?|tablets?|capsules?|tabs|doses?|meds|medications?|medicines?|(?:sleeping|pain)"
        r" ?(?:pills?|killers?)|anti ?depres+ants?|antipsychotics?|opioids?|benzos?|ss?ris?"
        r"|maois?|blood thinners?|statins?|insulin|steroids?|lithium|es?ketamine|ketamine"
        r"|spravato|suboxone|methadone|naltrexone|prozac|zoloft|lexapro|celexa|paxil|effexor"
        r"|venlafaxine|trazodone|bupropion|buspirone"
        r"|cymbalta|wellbutrin|xanax|klonopin|ativan|valium|ambien|adderall|ritalin|seroquel"
        r"|abilify|lamictal|tylenol|paracetamol|acetaminophen|ibuprofen|advil|aspirin|benadryl"
        r"|metformin|warfarin|eliquis|oxy(?:codone|contin)?|percocet|vicodin|tramadol|gabapentin"
        r"|prednisone|levothyroxine|[a-z]{2,14}(?:azepam|azolam|oxetine|traline|alopram|apine"
        r"|idone|triptyline|trigine|pril|sartan|olol|statin|dipine|azosin|thiazide|cycline|cillin"
        r"|mycin|prazole|triptan))\b"
    ),
}


def _compiled(alternatives: list[str], slots: Mapping[str, str]) -> re.Pattern[str]:
    template = "|".join(alternatives)
    for slot, words in slots.items():
        template = template.replace(slot, words)
    return re.compile(template)


def made_rules(
    slots: Mapping[str, str], rows: Sequence[tuple[str, list[str], list[str]]]
) -> tuple[Rule, ...]:
    """Rules from rows of name, what is said, and what excuses it; `slots` fill the braces."""
    made: list[Rule] = []
    for name, said, excuses in rows:
        unless = _compiled(excuses, slots) if excuses else None
        mine = [each.replace("{who}", "{i}") for each in said if "{other}" not in each]
        theirs = [each.replace("{who}", "{other}") for each in said]
        theirs = [each for each in theirs if "{other}" in each]
        if mine:
            made.append(Rule(name, _compiled(mine, slots), unless, third_person=False))
        if theirs:
            made.append(Rule(name, _compiled(theirs, slots), unless, third_person=True))
    return tuple(made)


def _rules(*rows: tuple[str, list[str], list[str]]) -> tuple[Rule, ...]:
    return made_rules(_SLOTS, rows)


EMERGENCY = _rules(
    # A swallowed overdose. These names begin with "overdose": the poison line hangs on them.
    (
        "overdose-too-much",
        [
            (
                r"{who}{w4} {took}{w2} (?:way |far )?too (?:many|much)\b(?! (?:time|work|on\b|of"
                r" my time))"
            ),
            (
                r"{who}{w4} (?:had|have had|has had|have|drank){w2} (?:way |far )?too many{w1}"
                r" {pills}"
            ),
        ],
        [
            r"{course}",
            (
                r"\b(?:sick|vacation|days|notes|tests|photos|pictures|steps|breaks|classes"
                r"|shifts)\b"
            ),
        ],
    ),
    (
        "overdose-all",
        [
            (
                r"{who}{w4} (?:{took}|ate|drank){w2} (?:(?:the|a|my|his|her) (?:whole|full"
                r"|entire){w1} (?:bottle|box|pack\w*|strip|script)|(?:all|the rest)(?: of)?(?:"
                r" (?:my|his|her|their|the|our|those))?{w4} {pills})"
            ),
            (
                r"{who}{w2} (?:took|taken|swallowed) (?:all of (?:it|them)|them all|the whole"
                r" thing)\b"
            ),
        ],
        [r"{course}", r"\b(?:blood|insurance|antibiotics?|vaccines?)\b"],
    ),
    (
        "overdose-number",
        [
            (
                r"{who}{w4} {took}{w2} (?:{many}|a (?:bunch|handful|fistful|load) of){w4}"
                r" (?:{pills}|at once)"
            ),
        ],
        [r"{course}"],
    ),
    (
        "overdose-purpose",
        [r"{any}{w4} {took}{w6} (?:on purpose|to (?:die|kill {self}))"],
        [r"{past}"],
    ),
    (
        "overdose-said",
        [
            r"{who}{w4} (?:overdosed|overdosing|oded)\b",
            r"{who}{w4} (?:took|taken) an? (?:overdose|od)\b",
        ],
        [r"{past}", r"\bif\b", r"\blost\b"],
    ),
    (
        "overdose-child",
        [
            (
                r"{other}{w2} (?:swallowed|ate|eaten|drank|drunk|got into|ingested){w4}"
                r" (?:{pills}|bleach|poison|antifreeze|detergent|batter(?:y|ies)|drain cleaner)"
            ),
            (
                r"{any}{w2} (?:drank|swallowed|ate) (?:my|his|her|someone's|the wrong)(?:"
                r" [\w']+)? {pills}"
            ),
            r"{other}{w1} got into (?:the|my|our) (?:gummies|edibles|cleaners?|cabinet)",
        ],
        [r"{course}", r"\b(?:with food|breakfast)\b"],
    ),
    (
        "overdose-poison",
        [
            (
                r"{any}{w2} (?:swallowed|drank|drunk|ingested){w2} (?:bleach|poison|antifreeze"
                r"|drain cleaner|weed ?killer|detergent)"
            ),
            (
                r"{any}{w2} (?:swallowed|drank|drunk|ingested){w4} (?:cleaner|cleaning (?:fluid"
                r"|product|liquid)|hand sanitizer|pesticide|gasoline)"
            ),
        ],
        [r"{past}", r"\bif\b"],
    ),
    (
        "overdose-double",
        [
            (
                r"{any}{w4} (?:took|taken|injected){w4} (?:double|twice|extra"
                r"|too)\b.{0,80}\b(?:pass(?:ing|ed)? out|faint\w*|shaking|confused|cannot stay"
                r" awake)"
            ),
            (
                r"{any} (?:took|taken){w4} {pills} and (?:i am )?(?:vomiting|throwing up|shaky"
                r"|shaking|confused|cannot)"
            ),
        ],
        [r"{course}"],
    ),
    # Breath.
    (
        "breath",
        [
            (
                r"{who}{w2} (?:cannot|can (?:hardly|barely|not)) (?:even )?(?:breathe?|get (?:any"
                r" |enough )?air|catch {own} breath)\b"
            ),
        ],
        [
            r"{past}",
            (
                r"\b(?:nose|nostrils?|nasal|deep(?:ly)?|at night|sometimes|lie|lying|exercise"
                r"|stairs|if|why|sleep|well|properly)\b"
            ),
        ],
    ),
    (
        "breath-struggle",
        [
            (
                r"{any}{w2} (?:struggling to breathe?|gasping for (?:air|breath)|fighting (?:to"
                r" breathe?|for breath))"
            ),
        ],
        [r"{general}"],
    ),
    (
        "breath-stopped",
        [r"{other}{w4} (?:not|barely|hardly|stopped) breath(?:e|ing)\b"],
        [
            r"{past}",
            r"{if}",
            r"\b(?:sleep|snor\w+|apnea|why|nose|for a bit|twice|spells?|again)\b",
        ],
    ),
    (
        "breath-now",
        [
            (
                r"(?:trouble|difficulty|hard time|short(?:ness)? of) breath\w*{w6} (?:right now"
                r"|suddenly)"
            ),
            r"\b(?:am|is) choking(?! (?:up|sensation))",
            (
                r"\bi am (?:having|in) (?:a lot of |so much |real |serious )?(?:trouble"
                r"|difficulty|a hard time) breathing\b"
            ),
            r"\b(?:is|'s) having (?:trouble|difficulty|a hard time) breathing\b",
        ],
        [r"{general}", r"\?|\b(?:nose|night|lately|since)\b"],
    ),
    # Excused by nothing: a mark behind such a statement makes no question of it.
    ("choking", [r"^ (?:help )?(?:i am|{other} is) choking\?$"], []),
    (
        "attack-now",
        [
            (
                r"\b(?:i am|(?:my(?: [\w'-]{1,15}){1,2}|he|she) is) (?:having|in)(?: (?:an?|the|a"
                r" bad|a severe|a really bad|my|his|her))?(?: \w+)? ?(?:asthma|heart) attack\b"
            ),
            (
                r"\b(?:i am|(?:my(?: [\w'-]{1,15}){1,2}|he|she) is) (?:having|going into)(?: an?)?"
                r"(?: \w+)? ?(?:anaphyla\w+|allergic (?:reaction|shock))\b"
            ),
        ],
        [r"{past}", r"{if}", r"\b(?:mild|often|lately|history|keeps?|every|after each)\b"],
    ),
    (
        "blue",
        [
            (
                r"(?:\b(?:my|his|her)|'s) (?:lips?|face|mouth|tongue){w2} (?:is|are|has|have|went"
                r"|going|turn(?:ing|ed)|gone)(?: turning| gone| going| turned)? blue"
            ),
            r"{other}{w1} (?:is|has|turning)(?: gone| turning| turned| going) blue",
        ],
        [r"{general}", r"\bcold\b"],
    ),
    # Consciousness.
    (
        "not-waking",
        [
            (
                r"(?:cannot|can not|not able to|unable to) (?:get|wake|rouse) {them}(?: up| to"
                r" wake| to respond|{end})"
            ),
            (
                r"{other}{w4} (?:will not|is not|cannot be|not)(?: be)? (?:wak(?:e up|ing up|ing"
                r"|e|en)|woken|rous\w+|respond(?:ing)?)\b(?! to (?!me|us|my voice))"
            ),
        ],
        [r"{past}", r"{if}", r"\b(?:pee|bed|alarm|morning|school|at night|through the night)\b"],
    ),
    (
        "fainted",
        [r"^ (?:help )?i (?:have |had )?(?:just )?(?:passed out|fainted|blacked out|collapsed)\b"],
        [
            r"{general}",
            r"\?",
            r"\b(?:yesterday|last|ago|once|twice|when i was|years?|months?|weeks?|days?)\b",
        ],
    ),
    (
        "unconscious",
        [
            r"{other}{w2} (?:is|'s|has|just|lying){w2} (?:unconscious|unresponsive|collapsed)",
            r"{other}{w2} (?:collapsed|passed out) and",
            r"\b(?:no|cannot find a) pulse\b",
            r"\bfell\b.{0,40}\bnot (?:answering|responding|moving)\b",
        ],
        [r"{general}"],
    ),
    (
        "down",
        [
            r"{other}{w6} on the (?:floor|ground)\b.{0,60}\b(?:(?:not|will not|cannot) (?:mov\w+|answer\w*|respond\w*|talk\w*|wake|get up)|blood)",
            r"{other}{w2} (?:is|went|gone|just|and)(?: all| completely)? limp\b",
            r"\bcannot keep {them} awake\b",
        ],
        [r"{general}", r"\b(?:knee|back|hip|refus\w+|tantrum|sleeps?)\b"],
    ),
    (
        "passing-out",
        [
            (
                r"(?:\bi|feel(?:ing)? like){w4} (?:pass(?:ing)? out|black(?:ing)? out)\b{w2}"
                r" (?:right now|now)\b"
            ),
        ],
        [r"{general}"],
    ),
    # Allergy, seizure, stroke, heart, bleeding.
    (
        "throat",
        [
            (
                r"\b(?:throat|tongue|airway)(?: (?:is|'s|feels like it is|keeps))?(?: slowly|"
                r" really)? (?:swelling|closing|tightening)\b"
            ),
            r"\blips (?:and \w+ )?are swelling\b",
            r"\bswelling (?:in|of) {own} (?:throat|tongue)\b",
        ],
        [
            r"{general}",
            (
                r"\b(?:tonsil\w*|strep|swallow\w*|(?:afraid|scared|frightened|fear) of|is"
                r" (?:throat|tongue) swelling)\b"
            ),
        ],
    ),
    (
        "throat-shut",
        [
            r"\b(?:swell\w*|swollen|tight\w*|closing)\b.{0,30}\b(?:throat|tongue)\b.{0,50}\bcannot (?:swallow|breathe?|talk|speak)",
            r"\b(?:throat|tongue)\b.{0,30}\b(?:swell\w*|swollen|tight\w*|closing)\b.{0,50}\bcannot (?:swallow|breathe?|talk|speak)",
        ],
        [r"{general}", r"\b(?:tonsil\w*|strep|cold|flu)\b"],
    ),
    (
        "anaphylaxis",
        [r"{any}{w1} (?:am|is) (?:having|going into){w2} anaphyla\w+"],
        [r"{general}"],
    ),
    (
        "seizure",
        [
            r"{any}{w4} (?:seizing|convulsing)\b",
            (
                r"{any}{w2} (?:am |is |'s )?(?:having|in) an?{w1} (?:seizure|fit|convulsion)\b(?!"
                r" (?:workup|disorder|clinic|meds?|test|study|plan))"
            ),
            r"{other}{w6} (?:floor|ground|bed|couch|bathroom|car){w1} (?:having|in) an?{w1} (?:seizure|fit|convulsion)\b",
            r"\b(?:seizure|convulsions?)\b.{0,30}\b(?:will not|not|cannot) (?:stop|stopped|end|let up)",
            r"{other}{w2} (?:shaking|jerking|twitching|fitting)(?: all over)?{w1} on the (?:floor|ground|bed)",
            r"\bfoaming at the mouth\b|\beyes (?:have |are |just )?(?:rolled|rolling) (?:back|up)\b",
            r"{other}{w1} (?:am|is|'s) having convulsions",
        ],
        [r"{general}", r"\b(?:mri|scan|the next)\b"],
    ),
    (
        "stroke-or-heart",
        [
            (
                r"\b(?:i am|{other}{w2} (?:is|'s|are))(?: \w+)? having a(?: \w+)? (?:stroke|heart"
                r" attack)\b"
            ),
        ],
        [r"{general}"],
    ),
    (
        "stroke-signs",
        [
            (
                r"\b(?:face|mouth|smile|side)\b{w4} (?:droop\w*|numb|sagging).{0,60}\b(?:slurr\w*"
                r"|speech|cannot (?:talk|speak|lift|move))"
            ),
            r"suddenly{w2} (?:cannot (?:speak|talk|see|move)|slurr\w+)",
        ],
        [r"{general}"],
    ),
    (
        "chest",
        [
            (
                r"\b(?:have|having|has|got|get)(?: got)?{w2} (?:chest pains?|chest tightness|pain"
                r" in {own} chest)(?: (?:right )?now| at the moment|$)"
            ),
            r"\b(?:crushing|squeezing|stabbing)(?: \w+)? (?:chest|heart) pain",
            r"\bchest (?:hurts? (?:so|really|very|right now)|is (?:killing|crushing|so tight))",
            (
                r"\bchest (?:pain|hurts?|pressure|tight\w*)\b.{0,50}\b(?:right now|left arm"
                r"|sweating|(?:minutes?|hour) ago|just started)"
            ),
            r"\bchest pain and (?:i am |i cannot |cannot |short )",
            r"\belephant{w4} my chest|\bchest{w4} (?:elephant|crushed|in a vice)",
            r"\b(?:severe|crushing|bad|terrible) pain in {own} chest\b",
            r"\bpain in {own} chest{w4} (?:arm|jaw)\b",
            r"\bchest (?:is |feels |so )?tight\b.{0,30}\barm\b",
            r"(?:^| and | help | but ) ?my chest (?:hurts|aches|is hurting|is aching)\b",
            r"\b(?:pressure|weight|tightness|squeezing) (?:on|in|across) {own} chest\b.{0,60}\b(?:arm|jaw|sweat\w*|now|faint|breath\w*)\b",
        ],
        [
            r"{general}",
            r"^ is ",
            r"\bi had\b",
            # A question about it; whoever tells of it and only ends with the mark is not asking.
            r"^ (?:are|can|could|did|do|does|how|may|might|should|what|when|which|who|why|will|would)\b(?!.*\b(?:right now|i am having|my left arm)\b).*\?",
        ],
    ),
    (
        "bleeding",
        [
            r"\bbleeding (?:\w+ ){0,2}(?:badly|heavily|a lot|profusely|to death|out)\b",
            r"\bblood (?:is )?(?:everywhere|pouring|gushing|spurting)",
            r"\bbleeding\b{w4} (?:will not|cannot|not) stop",
            r"\bcannot stop the bleeding",
            r"{who} (?:has |have )?(?:slit|slashed|cut) {own} (?:wrists?|throat)",
            r"\bcut too deep\b",
        ],
        [
            r"{general}",
            r"\b(?:period|menstru\w+|fibroids?|gums?|hemorr?hoids?|cycle|pads?|tampons?)\b",
        ],
    ),
)

CRISIS = _rules(
    # Said outright.
    (
        "direct",
        [
            r"\bkms\b",
            r"\bctb\b",
            r"\bkill(?:ing)? myself\b",
            r"\bend(?:ing)? my (?:own )?life\b",
            r"\b(?:take|taking) my own life",
            r"\bend(?:ing)? it all\b",
            r"\bsuicide is (?:the|my) ",
            r"\bkill(?:ing)? my self\b",
            r"\boff myself\b",
            r"\btonight is the night\b",
        ],
        [r"\bmyself (?:laughing|trying|at the gym|over)\b", r"\blaugh", r"{long_ago}"],
    ),
    # Done to oneself in these days: over as a deed, and not as a danger.
    (
        "lately",
        [
            (
                r"\bi (?:have |just |did |actually )*(?:cut|harmed) myself(?: \w+){0,3}"
                r" (?:again|last night|tonight|today|yesterday|this morning|this week|last week"
                r"|on purpose|a few days ago)\b"
            ),
            r"\bi (?:have |just )*burn(?:ed|t) myself (?:again|on purpose)\b",
        ],
        [
            (
                r"\b(?:shav\w+|cook\w*|chopp\w+|slic\w+|peel\w+|kitchen|garden\w*|accident\w*"
                r"|can|glass|nail|saw|razor|paper|at work)\b"
            ),
            r"{long_ago}",
        ],
    ),
    (
        "overdose lately",
        [
            (
                r"\bi (?:have |just |nearly )*(?:overdosed|tried to overdose|took an overdose)"
                r"(?: \w+){0,3} (?:again|last night|yesterday|this week|last week|on purpose"
                r"|a few days ago)\b"
            ),
        ],
        [r"\b(?:accident\w*|by mistake)\b"],
    ),
    (
        "intent",
        [r"{who}{w4} {intent}{w4} {lethal}"],
        [
            r"{long_ago}",
            (
                r"\b(?:reduc\w+|prevent\w*|help\w* (?:with )?suicid\w*|(?:does|do|can) it|asked"
                r" (?:me )?(?:if|whether))\b"
            ),
        ],
    ),
    (
        "die",
        [
            (
                r"(?<!not )(?<!you )(?<!never )\b(?:want|wants|wanted|wanting|wish|ready|deserve"
                r"|begging|praying|plan|planning|waiting|try|trying)(?: to| i could)(?: just)?"
                r" (?:die|be dead)\b(?! (?:for|of|from|without|at home|with dignity|in))"
            ),
            (
                r"\b(?:hope|wish) (?:to god |that )?i (?:just )?(?:die|were dead|was dead|was"
                r" gone|had died)\b"
            ),
            r"\b(?:picturing|imagin\w+|see|seeing) myself (?:dead|dying)\b",
            r"\bnot care (?:if|whether) i (?:live|die|wake)",
            r"\bnobody cares (?:if|whether) i (?:live|die|am)",
            r"\bwish{w6} had killed me\b",
            r"\bgo to sleep forever\b",
            r"\brather be dead\b",
            r"\bwants? to be dead\b",
            r"\bsomeone{w1} (?:shoot|kill) me$",
            r"\bwant to not (?:exist|be here|be alive)\b",
            r"\bdeath (?:sounds|seems|feels|looks) (?:peaceful|good|better|easier|like)",
        ],
        [
            r"{long_ago}",
            (
                r"\b(?:what makes|why (?:do|does|would)) (?:some\w+|people|a person|anyone"
                r"|veterans)"
            ),
        ],
    ),
    (
        "suicidal",
        [
            r"{who}{w2} (?:am|is|'s|are|feels?|feeling|been|getting|gets?){w2} suicidal\b",
            (
                r"{who}{w2} (?:have|has|having|get|getting){w4} (?:suicidal|suicide) (?:thoughts?"
                r"|thinking|ideation|feelings|urges|ideas|plans?)"
            ),
        ],
        [
            r"{long_ago}",
            r"\bbefore\b",
            r"\bhad\b",
            r"\bsuicidal headaches?",
        ],
    ),
    (
        "thoughts",
        [
            (
                r"{who}{w4} (?:think\w*|thought) (?:about|of) (?:suicide|dying|death|killing"
                r" {self})\b"
            ),
            (
                r"{who}{w2} (?:have|having|had|has) (?:(?:been|these|such|really|some|very)"
                r" )*dark thoughts"
            ),
            (
                r"{who}{w2} (?:have|having|has) thoughts (?:about|of) (?:death|dying|suicide|not"
                r" being here)"
            ),
            (
                r"{any}{w4} (?:talk\w*|think\w*) (?:about|of) (?:dying|suicide|death|killing"
                r" {self})"
            ),
            (
                r"\bmy (?:suicidal thoughts|thoughts (?:of|about) (?:suicide|dying|death|killing"
                r" {self}))\b"
            ),
            r"\bthoughts of (?:suicide|dying|death) (?:are|keep|will not)\b",
        ],
        [r"{long_ago}", r"\bask(?:s|ed)? (?:me )?(?:if|whether|about)\b"],
    ),
    (
        "overdose-plan",
        [
            (
                r"{who}{w4} (?:plan\w*|wants?|wanted|going to|thinking (?:of|about)|tempted"
                r"|tried){w2} overdos\w+"
            ),
        ],
        [r"{long_ago}", r"\bnot (?:want|going)", r"\b(?:accident\w*|afraid|scared|worried)\b"],
    ),
    (
        "method",
        [
            (
                r"\b(?:easiest|quickest|fastest|best|painless|least painful){w2} ways? to (?:die"
                r"|go$|end it)"
            ),
            r"\bways? to (?:die|end it)\b",
            (
                r"\bhow (?:many|much)(?! (?:people|patients|women|men|children|minutes|hours|days"
                r"|weeks|years))\b.{0,60}\b(?:kill (?:me|you|yourself|someone|a person)|to (?:die"
                r"|od|overdose)|not wake up|never wake)\b"
            ),
        ],
        [],
    ),
    (
        "note",
        [
            (
                r"\b(?:wr[io]t\w*|left|leaving|found|posted|recorded){w4} (?:good ?bye|suicide"
                r"|farewell){w1} (?:letters?|notes?|messages?|videos?)"
            ),
            (
                r"\b(?:wrote|written|writing){w4} (?:letters?|notes?){w4} (?:to find|when i am"
                r" gone|after i am gone)"
            ),
            r"{other}{w1} left a note and\b",
        ],
        [],
    ),
    (
        "goodbye",
        [
            r"{other}{w6} (?:texted|said|sent|posted|messaged|saying){w2} good ?byes?\b",
            r"\bsaying good ?bye to (?:everyone|people|my)",
            r"\bsaid my good ?byes",
            r"\bsorry for everything\b",
            r"\btell (?:my|them|her|him|everyone){w2} (?:that )?i (?:am sorry|loved? (?:them|her|him))\b",
            r"^ good ?bye (?:everyone|all|world)",
            r"{other}{w2} ready to check out\b",
        ],
        [r"{long_ago}", r"\b(?:funeral|hospice|dying)\b"],
    ),
    (
        "pills-threat",
        [
            (
                r"{who}{w4} (?:going to|will|want to|wants to|might|thinking about|about to){w2}"
                r" (?:tak(?:e|ing)|swallow\w*) (?:all|the whole|every|a bunch|too many){w4}"
                r" (?:{pills}|bottle)"
            ),
        ],
        [],
    ),
    (
        "stockpile",
        [r"\b(?:saving|saved|stockpil\w+|hoarding|stash\w+)(?: up)?(?: all)?(?: \w+)? {pills}"],
        [r"\bmoney\b"],
    ),
    (
        "means",
        [
            (
                r"{who}{w2} (?:have|has|got|bought|holding|loaded|with)(?: got)?{w4} (?:gun"
                r"|pistol|rifle|shotgun|glock|rope|noose)\b.{0,60}\b(?:done|ready|lap|hand|mouth"
                r"|head|loaded|tonight|over|talk|alone|goodbye|scared|threat\w*)\b"
            ),
            r"\b(?:gun|pistol|rifle)\b{w4} (?:loaded|in my (?:lap|hand|mouth))",
            r"\bhas a plan{w2} (?:means|way|pills|gun)\b",
            (
                r"{other}{w2} has a (?:gun|rifle|pistol|knife)\b.{0,40}\b(?:dying|die|death"
                r"|ending)\b"
            ),
            r"\bloaded (?:gun|pistol|rifle)\b",
            r"\blooking at (?:the|my) (?:knives|pills|gun|rope)\b",
            r"{other}{w1} locked {self}{w4} with (?:his|her|a|the) (?:gun|rifle|pistol|knife)",
            r"{other}{w2} (?:took|takes|got|gets|pulled|grabbed|loaded|went and got){w4} (?:gun|pistol|rifle|shotgun|revolver|glock)\b.{0,60}\b(?:he is|she is|is|am|they are) (?:done|finished|ready|through|sorry)\b",
            r"{who}{w2} (?:took|got|pulled|have|has){w4} (?:gun|pistol|rifle|shotgun|revolver|glock) out\b",
            r"\b(?:eat|put) (?:a|my) (?:bullet|gun|barrel)\b",
            r"\bpull(?:ing)? the trigger\b(?! on)",
        ],
        [
            r"\bloaded gun (?:laws?|safety)\b",
            r"\b(?:hunting|deer|range|robb\w+|iraq|afghanistan)\b",
        ],
    ),
    # Said sideways.
    (
        "burden",
        [
            r"\bbetter off{w1} (?:without me|dead\b|if i)",
            (
                r"\b(?:happier|easier|better){w4} (?:without me\b|if i (?:was|were|am){w2}"
                r" (?:gone|dead|not here|not around))"
            ),
            (
                r"(?:says?|said|saying|thinks?|told|feels?){w6} better off without (?:him|her"
                r"|them)\b"
            ),
            r"\bi am (?:just |only |nothing but )?(?:a|such a)(?: \w+)? burden\b",
            (
                r"\b(?:they|kids|children|family|wife|husband|everyone) would(?: all)? be (?:fine"
                r"|better|ok|okay) without me\b"
            ),
            r"\b(?:happier|better) (?:at my funeral|when i am gone|once i am gone)\b",
            r"\bif i (?:died|was dead|were dead){w4} (?:relief|better|easier|matter|care)\b",
            (
                r"\b(?:world|family|kids|children) (?:does|do|would) not need me\b|\bmy own"
                r" funeral\b"
            ),
        ],
        [
            r"\bburden on (?:the|my) (?:health|insurance|plan|system|budget)",
            r"\bpre-?pa(?:y|id)\w*",
        ],
    ),
    (
        "cannot-go-on",
        [
            (
                r"\bcannot (?:just )?(?:do|take|handle|bear|face|stand) (?:this|it|life|things"
                r"|living)(?: all)?(?: anymore| any longer| much longer)"
            ),
            r"\bcannot (?:go on|carry on|keep going|keep living|live){endless}",
            r"\bi (?:just |really )?cannot anymore{end}",
            r"\bnot think i can (?:keep going|go on|do this|carry on)(?: anymore|{end})",
            r"\bi need this to (?:end|be over|stop){end}",
        ],
        [r"\b(?:nausea|side effects?|stomach|allerg\w*|taste|itch\w*)\b"],
    ),
    (
        "not-safe",
        [r"\bi (?:am |do )?not (?:feel )?safe (?:with|from|by|around|alone with) myself\b"],
        [r"{long_ago}"],
    ),
    (
        "not-live",
        [
            (
                r"\bnot (?:even |really )?(?:want|wish|care|deserve)(?:s)? (?:to )?(?:(?:live"
                r"|exist|be alive|be here|be around|go on|carry on|keep going){endless}|(?:live"
                r"|exist|be alive)$|wake up(?: tomorrow| again| anymore| ever| in the morning"
                r"|{end}))"
            ),
        ],
        [],
    ),
    (
        "sleep-forever",
        [
            (
                r"\b(?:wish|want|hope|hoping|pray|love|could just|like)\b.{0,50}\b(?:not|never)"
                r" wak(?:e|ing) up"
            ),
            r"\b(?:enough|make sure|so) (?:that )?i (?:do |will )?(?:not|never) wake up",
            r"\benough\b.{0,30}\b(?:not|never) wake up",
            r"\b(?:want|wish|wanted|love|like)(?: to| i could){w1} (?:go to sleep|fall asleep|sleep) and (?:stay asleep|stay that way|(?:not|never)(?: ever)? (?:wake|get) up|not come back)",
        ],
        [
            r"\b(?:afraid|scared|worried|fear\w*|surgery|dream)\b",
            r"\bwake up (?:at|during|early|tired|sick|with)\b",
        ],
    ),
    (
        "no-reason",
        [
            (
                r"\b{reason}{w2} (?:reason|point|purpose|will|use){w1} (?:to|in|of|for)"
                r" (?:(?:live|living|life|being here|being alive|stay(?:ing)? alive|anything|it"
                r" all)\b|trying$|trying anymore|(?:go|going|carry|carrying) on{endless}|(?:go"
                r"|going|carry|carrying) on$)"
            ),
            (
                r"\b(?:nothing|nobody|not anything)\b(?: left| else)? (?:to live|worth living)"
                r" ?(?:for)?"
            ),
            r"\blife (?:is|feels){w2} (?:pointless|meaningless)",
            r"\b(?:life|it){w1} not worth (?:living|it)",
            r"\b(?:not|cannot) see (?:a|any|my)(?: \w+)? future",
            r"\bno future for me",
            r"\bonly way out\b",
            r"\blost (?:the|my|all) will to live\b",
            r"\bi have nothing left(?: to (?:give|live for))?{end}",
            r"\bnot (?:see|know) why i should (?:keep|go on|stay|be)\b",
            r"\bno good to any(?:one|body)\b",
            r"\b(?:there is |see )?no point(?: to (?:it|any of it|anything))?(?: now| left| anymore){end}",
            r"\b(?:was|were) my (?:last|only) (?:hope|chance|shot|try)\b.{0,50}\b(?:nothing|failed|not (?:work|help|do)|no (?:point|use))",
            r"\bcannot see (?:a|any|another|no) way out\b|\bno (?:other )?way out\b",
        ],
        [
            r"\bpoint of (?:anything|life) (?:insurance|support)",
            r"\bfuture (?:appointments?|visits?|sessions?|dates?)\b|\bportal\b",
            r"\b(?:what (?:else|other|is next)|other options?|parking|garage|building)\b",
        ],
    ),
    (
        "away",
        [
            (
                r"\b(?:giv(?:e|ing)|gave|given)(?: away){w4} (?:stuff|things|belongings"
                r"|possessions|everything|medals)\b"
            ),
            r"\bgiving\b.{0,40}\bnot be (?:here|around)",
            r"\b(?:been |started )giving{w1} my{w2} away\b",
            r"\bnot (?:be )?need(?:ing)?\b.{0,30}\bwhere (?:i am|he is|she is) (?:going|headed)\b",
            r"\b(?:this|it|tonight) is (?:probably )?(?:my|his|her) last (?:night|message|day (?:alive|on earth|here))\b",
            (
                r"\bi (?:will|am going to|am) not (?:going to )?be (?:here|around|alive) (?:much"
                r" longer|anymore|for much longer|after (?:today|tonight)|tomorrow)"
            ),
            r"{other}{w4} (?:talking|talks) about not being (?:around|here|alive)",
        ],
        [r"\b(?:appointment|visit|session|reschedul\w*|move|moving)\b"],
    ),
    (
        "tired",
        [
            (
                r"\b(?:tired|sick|exhausted|weary){w2} of (?:being alive|existing|fighting to"
                r" stay|life\b|living(?! with| in | at | on | near| under))"
            ),
            (
                r"\bi am{w2} (?:done|finished|through) (?:with (?:life|living|everything|it all"
                r"|being alive)|fighting|living)"
            ),
            r"\btired{w2} of being here",
            r"\btired of (?:fighting|trying|hanging on|holding on|being strong)(?: (?:this|it|for so long))?$",
            r"\bready for it(?: all)? to be over\b",
            r"\bhad enough of (?:life|living|this life|being alive)\b",
            (
                r"\bgo to be with my (?:brothers|guys|boys)\b|\bgoing to be with my (?:brothers"
                r"|guys|late|dead)"
            ),
        ],
        [],
    ),
    (
        "unborn",
        [
            r"\b(?:wish\w*|better if){w4} (?:never|not)(?: been)? born",
            r"\bwish i (?:was|were|am) (?:not here|not alive|gone)",
            (
                r"\b(?:wish|want) (?:to|i could)(?: just)? (?:disappear|vanish|cease to exist"
                r"|stop existing)"
            ),
            r"\bi should have died",
            r"\bi should not be alive",
            r"\bnone of (?:this|it) will matter",
            (
                r"\bwhat if i (?:just )?(?:did not exist|was not here|were not here|stopped"
                r" existing)"
            ),
        ],
        [],
    ),
    (
        "stop-all",
        [
            r"\b(?:want|need|wish|make){w2} (?:it all|everything) (?:to )?(?:be over|stop|end)",
            (
                r"\b(?:want|need|wish){w4} (?:pain|hurting|suffering|noise) (?:to )?(?:stop|end"
                r"|be over) (?:for good|forever|permanently)"
            ),
        ],
        [],
    ),
    (
        "miss",
        [
            r"\bnobody (?:would|will)(?: even)? (?:miss|notice|care if)",
            r"\bwould anyone{w1} (?:miss me|notice|care if i)",
            r"\bnobody will (?:even )?notice when i am gone\b",
        ],
        [r"\b(?:late|appointment|minutes|visit|session)\b"],
    ),
    (
        "last-try",
        [
            (
                r"\bif (?:this|it|the|ketamine){w4} (?:not work|fails?|not help)(?: either)?,?"
                r" (?:then )?i am (?:out|done|finished|gone|ending)\b"
            ),
            r"\bmade (?:my|his|her) peace\b",
            r"\b(?:have|has|got) (?:a|the|my|his|her) (?:date|day|time and place) (?:picked|chosen)(?: out)?{end}",
            r"\bi am (?:out|done|finished) if (?:this|it)",
            r"\blast (?:hope|chance|try)\b.{0,40}\bi am (?:finished|done|out)\b",
        ],
        [],
    ),
    (
        "place",
        [
            (
                r"\b(?:standing|sitting|am) (?:up )?(?:on|at|by) (?:the|a)(?: \w+)? (?:bridge"
                r"|ledge|roof|tracks|overpass|cliff)\b"
            ),
            (
                r"\b(?:driv(?:e|ing)|crash\w*|swerv\w+|steer\w*){w4} (?:into|off) (?:a|the"
                r"|oncoming)(?: \w+)? ?(?:tree|wall|bridge|truck|cliff|traffic|pole|river)"
            ),
            r"\blet go of the wheel\b",
        ],
        [r"{long_ago}", r"\b(?:view|scenic|shak\w*|sway\w*|dizz\w*|heights)\b"],
    ),
    (
        "survivor",
        [
            (
                r"\b(?:lost|dead|died|gone|killed)\b.{0,60}\bwant to (?:join|be with) (?:him|her"
                r"|them)"
            ),
            r"\bwant to (?:join|be with) my (?:dead|late)",
            r"\bi am next\b.{0,20}$",
        ],
        [],
    ),
    (
        "voices",
        [r"\bvoices?{w4} tell\w*{w4} (?:hurt|kill|harm|jump|die|do it)"],
        [],
    ),
    # Self-harm.
    (
        "self-harm",
        [
            r"{who}{w4} (?:cutting|burning|harming|starving) {self}",
            (
                r"{who}{w6} (?:want\w*|urges?|feels? like|feeling like|going|keeps?|think\w*"
                r"|might|tempted|started|relapsed|been|afraid|scared|worried|will|would){w4}"
                r" (?:cut\w*|hurt\w*|harm\w*|burn\w*) {self}"
            ),
            (
                r"{who}{w4} (?:cut|hurt|harm\w*|burn\w*) {self} (?:again|on purpose|to (?:cope"
                r"|feel))"
            ),
            r"{who}{w4} self[- ]?harm(?:ed|ing|s)?\b",
            r"\b(?:want\w*|urge|need) to cut(?: again|{end})",
            r"{who}{w2} (?:cut|hurt|burn) {self} (?:when|whenever|every time)",
            r"\bself[- ]?harm is\b",
            r"{who} (?:slit|cut|slashed) {own} wrists?",
            r"\b(?:afraid|scared) of what i (?:might|may|could|will|am going to) do\b",
            (
                r"{any}{w2} (?:scratch\w*|cut\w*|burn\w*) {own} (?:arms?|legs?|skin|thighs?"
                r"|wrists?)\b.{0,30}\bon purpose"
            ),
            r"{any}{w1} burn {self} with",
            r"{other}{w1} (?:took|taken|takes) an? (?:razor|knife|blade) to {own}",
        ],
        [r"{injury}", r"{long_ago}", r"\b(?:cause|does|treat)\b"],
    ),
    # Harm to others, and from them.
    (
        "harm-others",
        [
            (
                r"\bi{w4} (?:going to|want to|wanna|might|will|could|feel like|afraid|scared"
                r"|urges? to|about to|thoughts of|think\w*){w4} (?:kill|hurt|harm|shoot|stab"
                r"|strangl|murder|smother|chok|attack)(?:e|ing)? (?:{them}|someone|somebody"
                r"|people|everyone|my (?:family|boss))\b"
            ),
            (
                r"{any}{w2} (?:having|have|get|getting){w2} (?:urges?|thoughts) (?:to|of|about)"
                r" (?:kill|hurt|harm|shoot|stab|strangl|chok|attack)(?:ing)? (?:{them}|someone"
                r"|people)"
            ),
            (
                r"{any}{w4} (?:thinking|think) (?:about|of) (?:hurting|killing|shooting|stabbing"
                r"|attacking) (?:{them}|someone|people|my \w+)"
            ),
            r"\bi want to (?:hurt|kill) the (?:people|person|man|guys?)",
        ],
        [
            (
                r"\b(?:breast\w*|nurs\w+|pregnan\w*|vaccin\w*|medicine|drug|germs|infect\w*|catch"
                r"|spread|by accident|feelings)\b"
            ),
        ],
    ),
    (
        "violence",
        [
            (
                r"\bshoot(?:ing)? up (?:my|the|this|a)(?: \w+)? ?(?:office|school|work\w*|church"
                r"|mall|hospital|place|clinic)"
            ),
            (
                r"\b(?:bomb|blow up|burn down) (?:my|the|this) (?:office|school|work\w*|clinic"
                r"|place|house)"
            ),
        ],
        [],
    ),
    (
        "home",
        [
            (
                r"{attacker}{w2} (?:hits|beats|chok(?:es|ed)|strangl\w+|abuses|abusing|rap(?:es"
                r"|ed)|threaten(?:s|ed|ing)|punch(?:es|ed)|kicks|hitting|beating) me\b"
            ),
            (
                r"{attacker}{w6} (?:will|going to|wants to|threat\w+ to){w1} (?:kill|hurt|shoot"
                r"|stab) me\b"
            ),
            (
                r"\b(?:not safe at home|unsafe at home|(?:afraid|scared) (?:to go home|of my"
                r" (?:husband|wife|partner|boyfriend|girlfriend|dad|father|ex)|of what (?:he|she)"
                r" will do))\b"
            ),
        ],
        [r"{long_ago}", r"\b(?:needle|doctor|nurse|dentist)\b"],
    ),
)

MENTION = _rules(
    (
        "mention",
        [
            r"suicid\w*",
            r"\bself[- ]?(?:harm|injur|mutilat)\w*",
            r"\boverdos\w*",
            r"\bod(?: on|ed)\b",
            r"\bkill(?:ed|s|ing)? (?:{self}|yourself|yourselves|oneself)",
            r"\b(?:taking|took|take) {own} own li(?:fe|ves)",
            r"\bwant\w* to die\b",
            r"\bend(?:ing|ed)? {own} li(?:fe|ves)",
            r"\b(?:lethal|fatal) dose",
            r"\bkill (?:you|me|someone)\b.{0,30}\btoo much\b",
            r"\btoo much\b.{0,30}\bkill (?:you|me|someone)\b",
        ],
        [],
    ),
)

ADVICE = _rules(
    (
        "change",
        [
            (
                r"\b{ask} {change}(?: off| on| up| down| back| out| taking| using| with| from|"
                r" to)?(?: off| on)?(?: of)?(?: (?:my|his|her|the|this|these|taking|using|a|an|on"
                r"|daily)){0,3}{w1} (?:{pills}|dosage)"
            ),
        ],
        [r"^ (?:how|what|who|where) (?!(?:dose|much|many))", r"\bwhat else\b"],
    ),
    (
        "change-it",
        [
            (
                r"\b{ask} (?:stop|quit|skip|double|halve|keep|continue|come off|go off|drop"
                r"|restart)(?: taking| using)? (?:it|them|this|up|my dose)(?:{end}|\?| for|"
                r" before| now|$)"
            ),
        ],
        [r"\b(?:sex|driv\w+|itch\w*|spread\w*)\b"],
    ),
    (
        "combine",
        [
            (
                r"\b{ask} (?:take|have|use|mix|combine|start){w4} (?:with|while (?:on|taking)"
                r"|alongside|together with|on top of|and)(?: (?:my|his|her|the|taking"
                r"|on)){0,2}{w1} {pills}"
            ),
        ],
        [],
    ),
    (
        "dose",
        [
            (
                r"\b(?:what|which)(?: \w+)? (?:dose|dosage|amount|strength)\b{w4} (?:should|do"
                r"|can|would|must) {me}\b"
            ),
            (
                r"\bhow (?:much|many)(?: of)?(?: (?:my|the|this|it))?(?: {pills})? (?:should|can"
                r"|could|may) {me}(?: safely)? (?:take|give|use|have)\b"
            ),
        ],
        [],
    ),
    (
        "hospital",
        [
            (
                r"\b(?:should|must|do|does) {me}(?: need to| have to)?(?: \w+)? (?:to|in)"
                r" (?:(?:the|an) )?(?:er|a&e|emergency(?: room| department)?|urgent care"
                r"|hospital)\b"
            ),
        ],
        [r"^ (?:how|when|what)\b"],
    ),
    (
        "candidate",
        [
            (
                r"\b(?:am i|would i be|could i be|is (?:he|she|my(?: \w+)? {relation}))(?:"
                r" \w+){0,2} (?:candidate|good fit|suitable)\b"
            ),
            r"\bdo i qualify\b(?! for (?:disab|medic|financ))",
        ],
        [],
    ),
    (
        "for-me",
        [
            (
                r"\b(?:is|are|would|will)\b{w4} (?:right|safe|ok|okay|suitable|appropriate"
                r"|dangerous) for (?:me|my(?: \w+)? {relation}|him|her(?! (?:heart|skin|eyes?"
                r"|liver|kidneys?)))\b(?! to (?!take|keep|start|stop|mix|have|use|double|try))"
            ),
        ],
        [r"\b(?:school|play|pets?|dogs?|cats?|swim\w*|food|eat|house)\b"],
    ),
    (
        "try",
        [
            (
                r"\b(?:should|do you think) (?:{me}|i should|my)(?: should)? (?:try|get|start"
                r"|have|take|go for|consider)(?: \w+)? (?:{pills}|it{end}|infusions?\b)"
            ),
        ],
        [r"^ (?:how|what|when|where)\b"],
    ),
    (
        "while-on",
        [
            (
                r"\b(?:i|{other}) (?:am|is|take|takes|have|has)(?: on| taking)?\b.{0,60}\bcan"
                r" (?:i|he|she)(?: still)? (?:take|have|get|use|do) (?:it|this|{pills})"
            ),
        ],
        [r"\b(?:again|twice|how can)\b"],
    ),
    (
        "own-medicine",
        [r"\b{ask}(?: still)? (?:take|have|use|bring) (?:my|his|her)(?: \w+){0,2} {pills}"],
        [
            r"^ (?:how|what|where|when|who) ",
            r"\b(?:through security|on (?:a|the) plane|pharmacy)\b",
        ],
    ),
    (
        "in-your-place",
        [
            r"\b(?:would|should) you {change}\b{w4} (?:{pills}|it|dosage)\b.{0,60}\b(?:me|my|i)\b",
            r"\bwhat would you do\b.{0,20}\b(?:my (?:place|shoes)|if you were me|were me)\b",
        ],
        [r"\b(?:appointment|visit|bill|price)\b"],
    ),
    (
        "or-not",
        [
            r"\bi (?:should|can|may|must) (?:do|have|take|get|try|use|start|stop|quit|go on with)\b.{0,40}\b(?:or no|or not|yes or no)\b",
            r"\bshould (?:i|he|she|my {relation}) (?:do|have|take|get|try|use|start|stop|quit|go ahead with)\b.{0,40}\bor (?:no|not|wait|stick|stay|keep)\b",
        ],
        [r"\b(?:appointment|parking|vaccin\w*|shot)\b"],
    ),
    (
        "condition",
        [
            r"\b(?:i am|{other} is){w4} (?:pregnant|breast ?feeding|nursing|bipolar|epileptic|schizophrenic|psychotic)\b.{0,60}\b(?:can|should|may|could|is it (?:ok|okay|safe|alright)(?: for| if)?) (?:i|he|she|me|her|him)\b",
            r"\b(?:can|should|may|could) {me}(?: still)? (?:have|get|take|use|do|try|start)\b.{0,50}\b(?:if|since|because|when|while|and|with) (?:i am|i have|he is|he has|she is|she has|my){w4} (?:pregnant|breast ?feeding|nursing|bipolar|epilep\w+|aneurysm|glaucoma|schizo\w+|heart|liver|kidneys?|blood pressure)\b",
            r"\b(?:i have|i had|i got|they found|diagnosed with)\b.{0,60}\b(?:should|can|may|could) i(?: still)? (?:do|have|get|take|try|use|start|go ahead with)(?: \w+){0,2} (?:infusions?|treatments?|sprays?|{pills})",
        ],
        [r"\b(?:again|twice|how can|exercise|fly|sex|eat)\b"],
    ),
)
