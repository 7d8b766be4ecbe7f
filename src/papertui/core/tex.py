r"""TeX to Unicode: formulas, accents and emphasis, as far as plain text can show them.

A formula is shown whole or not at all: ``$x^2$`` is x², ``$\oint_q$`` stays as it is. It is
done on every page that is shown, so it knows the common commands only and loads no library.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

MAX_FORMULA = 1000
MAX_DEPTH = 20
_TABLE = r"""
alpha α beta β gamma γ delta δ epsilon ε varepsilon ε zeta ζ eta η theta θ vartheta ϑ
iota ι kappa κ lambda λ mu μ nu ν xi ξ pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς
tau τ upsilon υ phi φ varphi φ chi χ psi ψ omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ
Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω ell ℓ hbar ℏ imath ı jmath ȷ Re ℜ Im ℑ
aleph ℵ wp ℘ partial ∂ nabla ∇ infty ∞ emptyset ∅ varnothing ∅ forall ∀ exists ∃ neg ¬
lnot ¬ top ⊤ bot ⊥ angle ∠ triangle △ square □ Box □ diamond ⋄ star ⋆ bullet • circ ∘
ast ∗ cdot · times × div ÷ pm ± mp ∓ oplus ⊕ ominus ⊖ otimes ⊗ oslash ⊘ odot ⊙ dagger †
dag † ddagger ‡ ddag ‡ wedge ∧ land ∧ vee ∨ lor ∨ cap ∩ cup ∪ sqcap ⊓ sqcup ⊔ uplus ⊎
setminus ∖ smallsetminus ∖ sum ∑ prod ∏ coprod ∐ int ∫ iint ∬ iiint ∭ oint ∮ bigcup ⋃
bigcap ⋂ bigoplus ⨁ bigotimes ⨂ bigwedge ⋀ bigvee ⋁ leq ≤ le ≤ leqslant ≤ geq ≥ ge ≥
geqslant ≥ neq ≠ ne ≠ ll ≪ gg ≫ lesssim ≲ gtrsim ≳ approx ≈ sim ∼ simeq ≃ cong ≅
equiv ≡ propto ∝ varpropto ∝ prec ≺ succ ≻ preceq ⪯ succeq ⪰ in ∈ notin ∉ ni ∋
subset ⊂ supset ⊃ subseteq ⊆ supseteq ⊇ subsetneq ⊊ vdash ⊢ models ⊨ perp ⊥ parallel ∥
mid ∣ to → rightarrow → longrightarrow ⟶ leftarrow ← gets ← leftrightarrow ↔ uparrow ↑
downarrow ↓ updownarrow ↕ Rightarrow ⇒ implies ⇒ Leftarrow ⇐ Leftrightarrow ⇔ iff ⇔
mapsto ↦ longmapsto ⟼ hookrightarrow ↪ rightharpoonup ⇀ rightleftharpoons ⇌ nearrow ↗
searrow ↘ langle ⟨ rangle ⟩ lfloor ⌊ rfloor ⌋ lceil ⌈ rceil ⌉ vert | lvert | rvert |
Vert ‖ lVert ‖ rVert ‖ ldots … dots … dotsc … dotsb … cdots ⋯ vdots ⋮ ddots ⋱ prime ′
degree ° textdegree ° colon : lbrace { rbrace } lbrack [ rbrack ] backslash \
S § P ¶ checkmark ✓ ss ß ae æ AE Æ oe œ OE Œ o ø O Ø l ł L Ł aa å AA Å i ı j ȷ dh ð th þ
textmu µ textohm Ω textendash – textemdash — textbackslash \ textasciitilde ~ textless <
textgreater > textbar | textregistered ® texttrademark ™ copyright © pounds £ euro €
"""
_SYMBOLS: dict[str, str] = dict(zip(_TABLE.split()[::2], _TABLE.split()[1::2], strict=True))
_NAMES = frozenset({
    "log", "ln", "lg", "exp", "sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh",
    "arcsin", "arccos", "arctan", "min", "max", "sup", "inf", "lim", "limsup", "liminf", "det",
    "dim", "ker", "deg", "gcd", "hom", "arg", "Pr", "mod",
})  # fmt: skip
_SPACES = {
    ",": " ", ";": " ", ":": " ", ">": " ", " ": " ", "!": "", "/": "", "quad": " ", "qquad": " ",
    "thinspace": " ", "enspace": " ", "~": " ",
}  # fmt: skip
_ESCAPED = {"{": "{", "}": "}", "%": "%", "&": "&", "#": "#", "_": "_", "$": "$", "|": "‖"}
# Commands that only say how their argument, or what follows them, looks.
_LOOKS = frozenset({
    "mathrm", "mathit", "mathbf", "mathsf", "mathtt", "mathnormal", "mathcal", "mathscr",
    "mathfrak", "boldsymbol", "bm", "text", "textrm", "textbf", "textit", "textsf", "texttt",
    "textsc", "textup", "textnormal", "emph", "mbox", "hbox", "operatorname", "operatorname*",
    "ensuremath", "underline", "uline", "url", "mathop", "mathrel", "mathbin", "pmb",
})  # fmt: skip
_SWITCHES = frozenset({
    "left", "right", "middle", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr",
    "biggl", "biggr", "Biggl", "Biggr", "displaystyle", "textstyle", "scriptstyle", "limits",
    "nolimits", "rm", "bf", "it", "em", "sl", "sc", "tt", "cal", "bfseries", "itshape", "scshape",
    "centering", "noindent", "protect",
})  # fmt: skip
_DOUBLE_STRUCK = dict(zip("CHNPQRZ", "ℂℍℕℙℚℝℤ", strict=True))
_MARKS = {
    "hat": "\u0302", "widehat": "\u0302", "tilde": "\u0303", "widetilde": "\u0303",
    "bar": "\u0304", "overline": "\u0305", "dot": "\u0307", "ddot": "\u0308", "vec": "\u20d7",
    "check": "\u030c", "breve": "\u0306", "acute": "\u0301", "grave": "\u0300",
    "mathring": "\u030a",
}  # fmt: skip
_ACCENTS = {
    "'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304",
    ".": "\u0307", "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "k": "\u0328",
    "r": "\u030a", "d": "\u0323", "b": "\u0331", "t": "\u0361",
}  # fmt: skip
_SUBSCRIPTS = str.maketrans(
    "0123456789+-=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ"
)
_SUPERSCRIPTS = str.maketrans(
    "0123456789+-=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWβγδθφχ∘′*∗†‡⊤",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵝᵞᵟᶿᵠᵡ°′**†‡ᵀ",
)
_TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|\s+|.", re.DOTALL)
# The edge of a name such as log, where a blank may be needed.
_EDGE = "\x00"
_WIDE_EDGE = re.compile(rf"(?<=[\w)]){_EDGE}(?=\w)(?![₀-₎ₐ-ₜ⁰-ⁿ¹²³])")
_FORMULA = re.compile(
    r"\\\$|\$\$(?P<display>[^$]{1,1000})\$\$|\$(?P<inline>[^$\s](?:[^$]{0,1000}[^$\s\\])?)\$(?!\d)"
    r"|\\\((?P<round>.{1,1000}?)\\\)|\\\[(?P<square>.{1,1000}?)\\\]",
    re.DOTALL,
)
_ACCENTED = re.compile(
    r"(?P<open>\{)?\\(?:(?P<sign>[\"'`^~=.])|(?P<letter>[Hbcdkrtuv])(?=[\s{\\]))\s*"
    r"(?:\{\s*(?P<inner>\\[ij]|\w)\s*\}|(?P<bare>\\[ij](?![A-Za-z])\s?|\w))(?(open)\})"
)
_STYLED = re.compile(
    r"\\(?:emph|text(?:rm|bf|it|sf|tt|sc|up|normal)?|mathrm|mathbf|mathit|mbox|uline|underline|url)"
    r"\s*\{([^{}]*)\}|\{\\(?:em|it|bf|rm|sc|sl|tt|itshape|bfseries)\s+([^{}]*)\}"
)
_COMMAND = re.compile(r"\{\\([A-Za-z]+)\}|\\([A-Za-z]+)(\{\}|\s(?=\w))?")
# TeX writes these as a part of a word and ends them with a blank.
_LETTERS = "ßæÆœŒøØłŁåÅıȷðþ"
_TEXT_ESCAPES = re.compile(r"\\([%&#_${}])")
_QUOTES = re.compile(r"``|''")


class _NotPlainError(Exception):
    """A formula that plain text cannot show."""


def tex_to_text(text: str) -> str:
    """Return a text with the TeX in it shown as Unicode, each formula that cannot be as it is."""
    pieces: list[str] = []
    at = 0
    for found in _FORMULA.finditer(text):
        formula = found["display"] or found["inline"] or found["round"] or found["square"]
        if formula is None:
            continue
        pieces += (_prose(text[at : found.start()]), formula_to_text(formula.strip()) or found[0])
        at = found.end()
    return "".join([*pieces, _prose(text[at:])])


def formulas_to_text(text: str, quoted: Callable[[str], str] = str) -> str:
    """Return a text with the formulas between dollars shown as Unicode, all else as it is.

    `quoted` is called with each formula that was shown.
    """

    def shown(found: re.Match[str]) -> str:
        formula = found["display"] or found["inline"]
        text = formula and formula_to_text(formula.strip())
        return quoted(text) if text else found[0]

    return _FORMULA.sub(shown, text)


@lru_cache(maxsize=4096)
def formula_to_text(formula: str) -> str | None:
    """Return a formula as plain text, None if that cannot show it."""
    if len(formula) > MAX_FORMULA:
        return None
    try:
        tokens = _Tokens(formula)
        shown = tokens.group(0, closed=False)
    except _NotPlainError:
        return None
    shown = _WIDE_EDGE.sub(" ", shown).replace(_EDGE, "")
    return unicodedata.normalize("NFC", re.sub(r"\s+", " ", shown).strip())


class _Tokens:
    """The tokens of a formula, shown one after the other."""

    def __init__(self, formula: str) -> None:
        self._tokens: Iterator[str] = (token[0] for token in _TOKEN.finditer(formula))

    def group(self, depth: int, closed: bool = True) -> str:
        """Return what is shown until the group closes, or until the end."""
        shown: list[str] = []
        for token in self._tokens:
            if token == "}":
                if closed:
                    return "".join(shown)
                raise _NotPlainError
            shown.append(self._shown(token, depth))
        if closed:
            raise _NotPlainError
        return "".join(shown)

    def _shown(self, token: str, depth: int) -> str:
        if depth > MAX_DEPTH:
            raise _NotPlainError
        if token in "^_":
            return _raised(self._argument(depth), _SUPERSCRIPTS if token == "^" else _SUBSCRIPTS)
        if token == "{":
            return self.group(depth + 1)
        if token[0] == "\\":
            return self._command(token[1:], depth)
        if token in "&#%$":
            raise _NotPlainError
        return {"~": " ", "'": "′"}.get(token, token)

    def _argument(self, depth: int) -> str:
        for token in self._tokens:
            if not token.isspace():
                return self._shown(token, depth + 1)
        raise _NotPlainError

    def _command(self, name: str, depth: int) -> str:
        if name in _SYMBOLS:
            return _SYMBOLS[name]
        for table in (_SPACES, _ESCAPED):
            if name in table:
                return table[name]
        if name in _NAMES:
            return f"{_EDGE}{name}{_EDGE}"
        if name in _SWITCHES:
            return ""
        if name in _LOOKS:
            return self._argument(depth)
        if name == "mathbb":
            letters = self._argument(depth)
            return "".join(_DOUBLE_STRUCK.get(letter, letter) for letter in letters)
        if name in _MARKS:
            return _marked(self._argument(depth), _MARKS[name])
        if name in ("frac", "tfrac", "dfrac"):
            return f"{_factor(self._argument(depth))}/{_factor(self._argument(depth))}"
        if name == "sqrt":
            return f"√{_factor(self._argument(depth))}"
        if name in ("not", "slash"):
            return _marked(self._argument(depth), "\u0338")
        raise _NotPlainError


def _raised(text: str, signs: Mapping[int, int]) -> str:
    """Return a text as superscripts or subscripts, if there is one of every sign in it."""
    text = text.strip()
    if not text or any(ord(sign) not in signs for sign in text if sign != " "):
        raise _NotPlainError
    return text.replace(" ", "").translate(signs)


def _factor(text: str) -> str:
    """Return a text so that a stroke or root beside it takes all of it."""
    text = text.strip()
    if not text:
        raise _NotPlainError
    return text if all(map(str.isalnum, text)) else f"({text})"


def _marked(text: str, mark: str) -> str:
    """Return one sign with a mark on it."""
    text = text.strip()
    if len(text) != 1:
        raise _NotPlainError
    return unicodedata.normalize("NFC", text + mark)


def sub(text: str) -> str:
    """Return a text as subscripts, as TeX writes it if there are none of its signs."""
    return _or_source(text, "_", _SUBSCRIPTS)


def sup(text: str) -> str:
    """Return a text as superscripts, as TeX writes it if there are none of its signs."""
    return _or_source(text, "^", _SUPERSCRIPTS)


def _or_source(text: str, sign: str, signs: Mapping[int, int]) -> str:
    try:
        return _raised(text.replace("−", "-"), signs)
    except _NotPlainError:
        text = text.strip()
        return text and (f"{sign}{text}" if len(text) == 1 else f"{sign}{{{text}}}")


def _prose(text: str) -> str:
    """Return text between formulas with its accents, symbols and emphasis shown as Unicode."""
    if "\\" not in text:
        return text
    text = _ACCENTED.sub(_accented, text)
    for _ in range(MAX_DEPTH):
        text, changed = _STYLED.subn(lambda found: found[1] or found[2] or "", text)
        if not changed:
            break
    text = _COMMAND.sub(_symbol, text)
    text = _QUOTES.sub(lambda found: "“" if found[0] == "``" else "”", text)
    return _TEXT_ESCAPES.sub(r"\1", text)


def _symbol(found: re.Match[str]) -> str:
    symbol = _SYMBOLS.get(found[1] or found[2])
    if symbol is None:
        return found[0]
    end = (found[3] or "").removeprefix("{}")
    return symbol if symbol in _LETTERS else symbol + end


def _accented(found: re.Match[str]) -> str:
    letter = (found["inner"] or found["bare"]).strip("\\ ")
    mark = _ACCENTS[found["sign"] or found["letter"]]
    return unicodedata.normalize("NFC", letter + mark)
