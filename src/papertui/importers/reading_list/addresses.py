"""Addresses: what they lead to, what their links are called, and the word lists for both."""

import re
from functools import lru_cache
from urllib.parse import urlsplit

from papertui.core import identifiers

# An address ends where a sentence goes on; brackets around it are the list's.
_PLAIN_ADDRESS = re.compile(
    r"https?://[^\s<>\"]+|\bwww\.[^\s<>\"]+|\b(?:arxiv|doi):\s?(?!https?:)[^\s<>\"]+"
    r"|\b(?:arxiv\.org|doi\.org)/[^\s<>\"]+|\b10\.\d{4,9}/[^\s<>\"]+",
    re.IGNORECASE,
)
_PUNCTUATION = ".,;:!?'’”*_"
_BRACKETS = {")": "(", "]": "[", "}": "{"}
_NO_SCHEME = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}/", re.IGNORECASE)
_SHARING = re.compile(
    r"^mailto:\?|/(?:intent/tweet|home/?\?status=|sharer|shareArticle|share\?)", re.IGNORECASE
)
_COURSE_PAGE = re.compile(r"\bcs\d{3}[a-z]?\b|/courses?/", re.IGNORECASE)
_BOOK_PAGE = re.compile(r"/books?/|\bbook\b|(?<!face)book\.(?:org|com|net|io|github\.io)\b", re.I)
QUOTES = tuple('"“„«')  # that open
WORDS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


def find_addresses(text: str) -> list[tuple[int, int]]:
    """Return the start and end of each address, arXiv id and DOI written as plain words."""
    places = []
    folded = text.lower()
    may_hold_any = any(map(folded.__contains__, ("://", "www.", "arxiv", "doi", "10.")))
    for match in _PLAIN_ADDRESS.finditer(text) if may_hold_any else ():
        address = match[0]
        while address and (address[-1] in _PUNCTUATION or _has_unopened_bracket(address)):
            address = address[:-1]
        if identifiers.arxiv_id(address) or "/" in address:
            places.append((match.start(), match.start() + len(address)))
    return places


def _has_unopened_bracket(address: str) -> bool:
    opener = _BRACKETS.get(address[-1])
    return opener is not None and address[-500:].count(opener) < address[-500:].count(address[-1])


@lru_cache(4096)
def web_address(url: str) -> str | None:
    """Return `url` as a complete web address, None if it cannot be opened as one."""
    url = url.strip(" \t\n\ufeff\u200b")
    if not ("/" in url or ":" in url or "." in url):
        return None
    scheme, colon, rest = url.partition(":")
    if rest[:1] == " " and scheme.lower() in ("arxiv", "doi"):
        url = scheme + colon + rest.lstrip()
    if arxiv := identifiers.arxiv_id(url):
        return url if "://" in url else identifiers.abstract_page(arxiv)
    if doi := identifiers.doi(url):
        return url if "://" in url else f"https://doi.org/{doi}"
    if url.startswith("//"):
        url = f"https:{url}"
    elif _NO_SCHEME.match(url):
        url = f"https://{url}"
    return url if len(url) <= 2000 and identifiers.is_web_address(url) else None


@lru_cache(4096)
def ids_in(address: str) -> tuple[str | None, str | None]:
    """Return the arXiv id and the DOI that an address leads to; a mirror's are arXiv's."""
    return identifiers.ids_in_address(web_address(address) or "")


@lru_cache(4096)
def is_paper(address: str) -> bool:
    """Return True if an address is known to lead to a paper: by its id, host or file type."""
    url = web_address(address)
    if url is None:
        return False
    return any(ids_in(url)) or _path(url).endswith(".pdf") or _is_on(url, PAPERS)


def kind_of(url: str) -> str | None:
    """Return the kind of work at an address (paper, video, book, course), None if unknown."""
    if _is_on(url, VIDEOS):
        return "video"
    if _is_on(url, COURSES) or _COURSE_PAGE.search(url):
        return "course"
    if _is_on(url, BOOKS) or _BOOK_PAGE.search(url):
        return "book"
    return "paper" if is_paper(url) else None


def shares_list(url: str) -> bool:
    """Return True if an address passes the list on to others."""
    return bool(_SHARING.search(url))


def is_code(url: str) -> bool:
    """Return True if an address leads to source code."""
    return _is_on(url, CODE)


def label_for(url: str, kind: str) -> str:
    """Return a label for an address of a work of this `kind`, for links without their own."""
    if is_code(url):
        return "code"
    if _path(url).endswith(".pdf") or "/pdf/" in _path(url):
        return "PDF"
    kind = kind_of(url) or kind
    return f"{kind} page" if kind in ("paper", "book", "course") else kind


def words_in(text: str) -> set[str]:
    """Return the words of a text, folded."""
    return {word.casefold() for word in WORDS.findall(text)}


def is_label(text: str) -> bool:
    """Return True if a link's text only names the type of its target: ``PDF``, ``code 2``."""
    if len(text) > 60:
        return False
    words = words_in(text)
    specific = words - LABEL_EXTRAS
    return not words or (bool(specific) and specific <= LABELS)


def names_paper(label: str) -> bool:
    """Return True if a link's text says that it leads to a paper: ``PDF``, ``paper``."""
    return is_label(label) and not _PAPER_LABELS.isdisjoint(words_in(label))


def _is_on(url: str, hosts: frozenset[str]) -> bool:
    try:
        parts = (urlsplit(url).hostname or "").lower().split(".")
    except ValueError:
        return False
    return any(".".join(parts[at:]) in hosts for at in range(max(0, len(parts) - 4), len(parts)))


def _path(url: str) -> str:
    return url.split("?")[0].split("#")[0].lower()


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words for the type of a link's target, and words that may come with them.
LABELS = _words(
    """abs abstract acm acl aclanthology alphaxiv appendix article arxiv badge bib bibtex biorxiv
    blog blogpost checkpoint checkpoints citation cite code colab cvf data dataset datasets demo
    demos doc docs documentation doi download github gitlab hal here hf homepage html huggingface
    ieee image implementation jax jmlr journal keras lecture link links markdown md mirror neurips
    nips note notebook notes openreview page paper papers pdf pmlr podcast post poster preprint
    presentation project pwc pytorch read recording reference repo repository review reviews
    scholar site slide slides source springer star stars summary supp supplement supplementary
    talk tensorflow thread tutorial tweet twitter url video videos web webpage website weights
    wiki wikipedia youtube zenodo 主页 代码 博客 视频 论文 链接 项目"""
)
LABEL_EXTRAS = _words(
    """a access an and author author's authors camera conference extended face for full google
    hugging in main model my new of official on old open original our ready semantic short long
    the tf unofficial v version with workshop"""
)
_PAPER_LABELS = _words("article arxiv doi paper pdf preprint 论文")
VENUES = _words(
    """AAAI AACL ACCV ACL AIES AISTATS ALT ASPLOS ATC BMVC CCS CHI CIKM COLING COLM COLT CVPR CoNLL
    CoRL CoRR EACL ECCV ECIR ECML EMNLP EuroSys FAccT GECCO HPCA ICANN ICASSP ICCP ICCV ICDE ICDM
    ICIP ICLR ICML ICPR ICRA IJCAI IJCNN IJCV INTERSPEECH IROS ISCA ISMIR Interspeech JAIR JMLR KDD
    LREC MICCAI MLSys NAACL NDSS NIPS NSDI NeurIPS OSDI PAMI PLoS PMLR PNAS PVLDB RSS RecSys S&P SC
    SIGCOMM SIGGRAPH SIGIR SIGKDD SIGMOD SOSP SemEval SysML TACL TIP TKDE TMLR TNNLS TOG TPAMI UAI
    UIST USENIX VLDB WACV WSDM WWW"""
)
PUBLISHING = _words(
    """ACM Advances Cell Conference IEEE International Journal Lancet Nature Neural Press Proc
    Proceedings Science Transactions advances arXiv bioRxiv conference international journal
    proc proceedings transactions"""
)
PARTICLES = _words("al bin da de del della den der di dos du el ibn la le ten ter van von")
# Words that are no part of a name, though titles write them with capitals.
NO_NAMES = _words(
    """a adversarial agents ai algorithm algorithms alignment an analysis applications approach
    attention audio basics bayesian benchmark book causal classic code computer computing continual
    convolutional course data dataset decoding deep detection diffusion distributed efficient
    embeddings ensemble estimation evaluation fairness fine for foundation foundations from game
    gaussian generation generative gradient graph highly image in inference information
    interpretability introduction is language large learning lecture linear logic machine
    matrix memory meta method methods mining model modeling modelling models multimodal must natural
    network networks neural object online optimization paper papers part pass pattern pre
    pretraining privacy processing programming prompting pruning quantization reading reasoning
    recognition recommended recurrent regression regularization reinforcement representation
    representations retrieval review robotics scaling science search security segmentation self
    semantic sequence series shot speech statistics summary supervised survey systems text the
    theory to training transfer transformer transformers translation trees tutorial uncertainty
    understanding using variance video vision with word words zero"""
)
VIDEOS = _words("bilibili.com slideslive.com ted.com vimeo.com youtu.be youtube.com")
CODE = _words("bitbucket.org colab.research.google.com github.com gitlab.com")
COURSES = _words("course.fast.ai coursera.org edx.org ocw.mit.edu udacity.com udemy.com")
BOOKS = _words("amazon.com goodreads.com manning.com mitpress.mit.edu oreilly.com")
PAPERS = _words(
    """aaai.org aclanthology.org aclweb.org arxiv.org biorxiv.org cell.com distill.pub dl.acm.org
    doi.org ecva.net hal.science huggingface.co ieeexplore.ieee.org ijcai.org isca-speech.org
    jmlr.org link.springer.com medrxiv.org nature.com nips.cc openaccess.thecvf.com openreview.net
    papers.nips.cc paperswithcode.com pnas.org proceedings.mlr.press proceedings.neurips.cc
    science.org sciencedirect.com semanticscholar.org ssrn.com thecvf.com
    transformer-circuits.pub usenix.org"""
)
