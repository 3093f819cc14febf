"""The words by which `gotune.text.competence` tells languages and topics apart, written by hand."""

from __future__ import annotations

ENGLISH = frozenset(
    """
    a also an and are as at be been between both but by can during each for from had has have in into is
    it its not of on or other than that the their there these they this to was we were when which who
    will with would
    """.split()
)
"""Function words of English."""

SHARED = frozenset("a an as at in is it on or was we".split())
"""Those that are words of other languages too, such as German ``in``."""

FOREIGN = frozenset(
    """
    af al alla ao att au auf aux cette che com como con da dans das dat de dei del della dem den der des
    det di dos du een ein eine einem einen einer el elle em en est för für gli het ikke il im ist jest
    la las le les los met mit na nel nella nicht nie niet nous não och oraz os par para pas per por pour
    på que qui sind się som sono sont su sur te til um uma un una und une van von voor wij wir zijn zu
    är è
    """.split()
)
"""Function words of German, French, Spanish, Italian, Dutch, Portuguese, Swedish, Danish and Polish.

Left out are those that are English words too or, like the French ``et``, frequent in references.
"""

BIOLOGY_WORDS = frozenset(
    """
    acid acids actin blasts cdna cell cells dna eye eyes gene genes germ gfp ion ions kda lens lenses
    limb limbs loci locus mrna organ organs pcr qtl rat rats rna solute solutes stem strains tail tails
    teeth tooth
    """.split()
)
"""Whole words that are seldom met outside biology and medicine."""

BIOLOGY_STEMS = tuple(
    """
    abdom acetyl adenos adenyl adipo adren agonist albumin allel allerg amin amplicon amyloid anabol
    anaesth anaphase anatom androg anemi anesth angio animal antagonis anterior antibod antigen antisens
    aort apical apopto arabidopsis arter assay astrocyt autophag autoradiogra autosom axon bacter basal
    basoph biochem biolog biops biosyn blood bone bovine brain breed bronch calci cancer carbohydr
    carbon carcinom cardi cartilag catabol catal centriol centromer centrosom cerebel cerebr chemokin
    chlorid cholester chondr chorion chromat chromosom cilia cilium clon cochlea codon collagen confocal
    congenital cort crani crypt cuticl cycloheximid cyto degrad dehydr dendrit dental dermal dermis
    diabet differentiat digest digoxigenin diploid disease distal dopamin dorsal drosophila duct
    ectoderm ectop effector electrophor elegans embry endocr endocyt endoderm endogen endoplasm endosom
    endothel enzym eosin epicard epiderm epigen epithel epitop erythr esterif estrogen eukaryot euthani
    exocyt exon extracell fatty femal femur ferment fertil fetal fetus fibril fibro fluoresc follic
    forebrain forelimb gamet ganglia ganglion gastr genetic genom genotyp germin germline gland glia
    globin gluc glutam glyc golgi gonad granul growth guanin guanyl haem hair haplo heart helicase hemat
    hemizyg hepat herit heterozyg hindbrain hindlimb hippocamp histochem histolog histon homeo homolog
    homozyg hormon hybridi hydrol hydrox immun incubat infect inflam inhibit insulin integrin intercross
    interleukin interneuron intestin intracell intron invagin isoform keratin kidney kinase kinesin
    knockdown knockout laminin larva lateral ligament ligand lipid lipo littermate liver lumen lung
    lymph lys macrophag mammal mammar marrow mating medial meio melan membran meristem mesench mesoderm
    metabol metaphas metast methyl mice microarray microbi microglia microscop microtubul microvill
    midbrain mitochond mitosis mitotic molar molecul monoclonal monocyt morph motif motor mouse mucos
    murine muscle muscul mutagen mutant mutation myelin myo nasal necro nematod neonat nephr nerv neural
    neurit neuro neutroph nitro nociceptiv notochord nuclear nuclei nucleo nucleus nutri obes ocular
    odorant olfact oligo ontogen oocyt opsin organel organism organogen osmo ossif osteo ovar oviduct
    ovul oxid oxygen pancrea parasit patholog pathw patient pectin penetran peptid pericard perinat
    peroxi petal phag pharyn phenotyp phosph photorecep phylogen physiolog pigment pituit placent plant
    plasm platelet pollen polymer polymorph polypeptid posterior postnat potassium prenat primer
    progenitor prokary prolif promoter prophas protea protei proteo proxim psycho pulmon receptor
    recombinant recombinase recombination redox renal repli respir retin rhesus ribo rodent saccharomyc
    saliv sarcom schwann seizur semin sensory sepal serotype serum sexual siblings skelet skin skull
    sodium soma somit species sperm spinal spindle spleen spore sterile stero stom striat substrate
    subunit sucrose sugar sulf symbio symptom synap syndrome synthas telomer tendon testes testicular
    testis tetanus therap thorac thym thyroid tissue toxi trachea transcri transduc transgen translocat
    transmembrane transporter tryp tubul tumor tumour tyros ubiquit umbilic ureter uridin urin uter
    vacuol vagin vascul vein ventral ventric vertebr vesic vestib viral virus vitamin vitro vivo
    wildtype wnt xenop yeast yolk zebrafish zinc zygot
    """.split()
)
"""Beginnings of such words."""
