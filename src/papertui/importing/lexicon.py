"""The words and hosts by which the parts of an entry are told from each other."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# What links are called that only say what they lead to, and what may stand beside that.
LABELS = _words(
    """abs abstract acm acl aclanthology alphaxiv appendix article arxiv badge bib bibtex biorxiv
    blog blogpost checkpoint checkpoints citation cite code colab cvf data dataset datasets demo
    demos doc docs documentation doi download github gitlab hal here hf homepage html huggingface
    ieee image implementation jax jmlr journal keras lecture link links mirror neurips nips note
    notebook notes openreview page paper papers pdf pmlr podcast post poster preprint presentation
    project pwc pytorch read recording reference repo repository review reviews scholar site slide
    slides source springer star stars summary supp supplement supplementary talk tensorflow thread
    tutorial tweet twitter url video videos web webpage website weights wiki wikipedia youtube
    zenodo 主页 代码 博客 视频 论文 链接 项目"""
)
LABEL_EXTRAS = _words(
    """a access an and author author's authors camera conference extended face for full google
    hugging in main model my new of official on old open original our ready semantic short long
    the tf unofficial v version with workshop"""
)
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
# No name has one of these in it, though they have capitals in titles.
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
