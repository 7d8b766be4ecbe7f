"""TeX, HTML and MathML in titles, abstracts and notes as a reader sees them."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertui.core.markup import readable
from papertui.core.tex import formulas_to_text
from papertui.core.text import terminal_safe


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (r"$\alpha$-decay at 10$^{-3}$ K", "α-decay at 10⁻³ K"),
        (r"An $O(n\log n)$ bound, $x_{ij} \leq y^2$", "An O(n log n) bound, xᵢⱼ ≤ y²"),
        (r"in $\mathbb{R}^n$, $\mathcal{O}(1)$ and $\mathbf{x}$", "in ℝⁿ, O(1) and x"),
        (r"$\frac{1}{2}$, $\frac{a+b}{c}$, $\sqrt{2}$, $\sqrt{a+b}$", "1/2, (a+b)/c, √2, √(a+b)"),
        (r"$\hat{x}$, $\bar y$, $f'$, $A^\top$", "x̂, ȳ, f′, Aᵀ"),
        (r"$90^\circ$, $\log_2 n$", "90°, log₂ n"),
        (r"$\left( a \right)$, $\mathrm{max}\, x$, $\text{a b}$", "( a ), max x, a b"),
        (r"\(T_w = i\hbar\) and \[x^2\] and $$y^2$$", r"\(T_w = i\hbar\) and x² and y²"),
        (r"\(T_i = i\hbar\)", "Tᵢ = iℏ"),
        (r"\emph{Very} \textbf{deep {\it nets}} by Schr\"odinger", "Very deep nets by Schrödinger"),
        (r"Hajdu\v{s}ek, G{\"o}del, Erd\H{o}s", "Hajdušek, Gödel, Erdős"),
        (r"{\O}sterg\aa rd", "Østergård"),
        (r"Cram\'er, \L ukasz, Fran\c cois", "Cramér, Łukasz, François"),
        (r"Na\"\i ve, Na{\"\i}ve, \'{\i}, Stra\ss e", "Naïve, Naïve, í, Straße"),
        (r"50\% of \$5 \& ``so''", "50% of $5 & “so”"),
        (r"\alpha particles", "α particles"),
        # What plain text cannot show stays as it came, whole.
        (r"$\oint_q x^2$", r"$\oint_q x^2$"),
        (r"$\begin{pmatrix}a\end{pmatrix}$", r"$\begin{pmatrix}a\end{pmatrix}$"),
        (r"\unknown{x} and $a_{1$", r"\unknown{x} and $a_{1$"),
        # Money and plain text are no formulas.
        ("It costs $5 to $6, or $7-$8", "It costs $5 to $6, or $7-$8"),
        (r"C:\new\table", r"C:\new\table"),
        ("Strings & <Branes>, a < b > c, R&D;", "Strings & <Branes>, a < b > c, R&D;"),
    ],
)  # fmt: skip
def test_tex_reads_as_text(source: str, shown: str) -> None:
    assert readable(source) == shown


def math(inner: str) -> str:
    return f'<mml:math xmlns:mml="http://www.w3.org/1998/Math/MathML">{inner}</mml:math>'


H2 = '<mml:msub><mml:mi mathvariant="normal">H</mml:mi>\n <mml:mn>2</mml:mn></mml:msub>'


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("The <i>Drosophila</i>\n   of H<sub>2</sub>O", "The Drosophila of H₂O"),
        ("δ&amp;lt;sup&amp;gt;13&amp;lt;/sup&amp;gt;C &amp; D", "δ¹³C & D"),
        ("CO&lt;sub&gt;2&lt;/sub&gt;", "CO₂"),
        (f"Fulcher-\n{math('<mml:mi>α</mml:mi>')}\n in {math(H2)}", "Fulcher- α in H₂"),
        (math("<mml:mfrac><mml:mi>a</mml:mi><mml:mi>b</mml:mi></mml:mfrac>"), "a/b"),
        (math("<mml:msup><mml:mi>x</mml:mi><mml:mi>q</mml:mi></mml:msup>"), "x^q"),
        ("x<sub>q,r</sub>", "x_{q,r}"),
        ("<jats:title>Abstract</jats:title><jats:p>A.</jats:p><jats:p>B.</jats:p>", "A. B."),
        ("<jats:sec><jats:title>Aims</jats:title><jats:p>To.</jats:p></jats:sec>", "Aims To."),
        ("<i>never closed", "never closed"),
        ("closed </i> never opened", "closed never opened"),
        ("<b><i>crossed</b></i>", "crossed"),
        ("&#955; &Uuml; &nosuch; &", "λ Ü &nosuch; &"),
        ("&lt;script&gt;x", "<script>x"),
    ],
)  # fmt: skip
def test_markup_reads_as_text(source: str, shown: str) -> None:
    assert readable(source) == shown


def test_text_without_markup_stays_as_it_is() -> None:
    text = "A title\nof two lines  with – signs, 10 > 9; and {braces}"
    assert readable(text) is text


def test_in_a_note_only_formulas_are_read() -> None:
    assert (
        formulas_to_text(r"so $x^2$ and \emph{this}, <i>it</i>")
        == r"so x² and \emph{this}, <i>it</i>"
    )


def test_no_escape_comes_out_of_an_entity() -> None:
    shown = readable("a&#27;[31m &#x202e;b &#155;c &#x9b;d <i>e</i>")
    assert shown == terminal_safe(shown)


@pytest.mark.parametrize(
    "unit",
    ["$", "\\(", "{", "\\emph{", "<i>", "<i", "&", "&#", "$x^{", "\\'{", "^{", "{\\it ", "\\\\"],
)
def test_a_hostile_text_takes_no_longer_for_its_length(unit: str) -> None:
    for text in (unit * 20_000, f"${unit * 400}$" * 50):
        began = time.monotonic()
        readable(text)
        assert time.monotonic() - began < 5


@given(st.text(alphabet="\\${}^_<>/&;#aiubsp mathlog'\"~`2\n", max_size=80))
def test_any_text_is_shown(text: str) -> None:
    shown = readable(text)
    assert isinstance(shown, str)
    assert readable(text) == shown
