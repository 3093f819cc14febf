"""Words by which `gotune.corpus.screening` tells what a text is about, and in which language."""

from __future__ import annotations

ENGLISH = frozenset(
    """
    a after all also although an and are as at be because been before between both but by can could did do
    does during each either for from had has have however if in into is it its no not of on one only or
    other over show shown shows such than that the their them then there these they this those three through
    thus to two under used using was we were when where whether which while who will with within without
    would
    """.split()
)
"""Function words of English."""

SHARED = frozenset("a all an as at do has in is it no on or over under was we".split())
"""Those that are words of other languages too, such as German ``in``."""

FOREIGN = frozenset(
    """
    af alla alle ao att au auf aus aux cette che como con da das dat dei del della dem der det die di dos
    een ein eine einem einen einer elle em en est för für gli het ikke il im ist jest la las le les los mit
    na nella nicht nie niet nous não och och oraz os para pas por pour på que qui se sich sind się som sono
    sont su sur te til um uma un una und une van von voor wij wir zijn zu är è
    """.split()
)
"""Function words of German, French, Spanish, Italian, Dutch, Portuguese, Swedish, Danish and Polish.

Left out are those that are English words too, names of amino acids (``met``), or, like the French ``et`` and
the Italian ``al``, frequent in references.
"""

BIOLOGY_STEMS = tuple(
    """
    abdom acetyl actomyosin adenos adenyl adipo adren agarose agonist alanin albumin aliquot allel allerg
    allost amin amplicon amyloid anabol anaesth anaphase anatom androg anemi anesth angio anneal antagonis
    anterior antibod antigen antisens antiser aort apical apoenzym apopto aquaporin arabidopsis archaea
    arginin arter asparag aspart assay astrocyt autophag autoradiogra autosom auxin axon bacill bacter basal
    basoph biochem biofilm biolog biops biosyn blott bovine bronch calci calmod cancer carbohydr carcinom
    cardia cardio cartilag caspas catabol catal centrifug centriol centromer centrosom cerebel cerebr
    chaperon chemokin chlorid chlorophyll chloroplast cholester chondr chorion chromat chromosom cilia
    cilium clathrin cleav clon cochlea codon coenzym cofactor collagen confocal congenital cortex cortic
    cortis crani crispr crypt cuticl cyanobact cyclin cycloheximid cystein cyto degrad dehydr denatur
    dendrit dental depolar depolymer dermal dermis diabet differentiat digoxigenin dimer diploid disease
    distal dopamin dorsal drosophila dynamin dynein ectoderm ectop effector electrophor electroporat elegans
    embry endocr endocyt endoderm endogen endoplasm endosom endothel enzym eosin epicard epiderm epigen
    epithel epitop erythr escherich esterif estrogen eukaryot euthani exocyt exon extracell femur ferritin
    fertil fetal fetus fibril fibro filament flagell fluoresc follic forebrain forelimb fung gamet ganglia
    ganglion gastr genetic genom genotyp germin germline gibberell glia globin gluc glutam glyc golgi gonad
    guanin guanyl gynoec haem haplo helicase hemat hemizyg hepat heterozyg hindbrain hindlimb hippocamp
    histidin histochem histolog histon holoenzym homeo homolog homozyg hormon hybridi hydrol hydrox hyperpol
    hypox immun incubat inflam inhibit inocul insulin integrin intercross interleukin interneuron intestin
    intracell intron invagin isoform isoleuc keratin kidney kinase kinesin kinetochor knockdown knockout
    laminin larva lectin legum leishman leucin ligand ligat lipid lipo littermate liver lumen lymph lys
    macrophag mammal mammar medial meio melan membran meristem mesench mesoderm metabol metaphas metast
    methionin methyl mice microarray microbi microglia microscop microtubul microvill midbrain mitochond
    mitosis mitotic molar molecul monoclonal monocyt morph motif mucos murine muscul muta mycel mycorrh
    myelin myo nasal necro nematod neonat nephr nerv neural neurit neuro neutroph nitro nociceptiv notochord
    nucle obes ocular odorant olfact oligo ontogen oocyt operon opsin organel organism organogen osmo ossif
    osteo ovar oviduct ovul oxid pancrea parasit parenchym pathogen patholog pathw penetran peptid pericard
    perinat permeab peroxi phag pharyn phenotyp phenylalan phloem phosph photorecep photosynth phylogen
    physiolog pigment pipett pituit placent plasm platelet polymeras polymeri polymorph polypeptid posterior
    postnat prenat primer progenitor prokary prolif prolin promoter prophas protea protei proteo proxim
    pulmon receptor recessiv recombinant recombinase recombination redox renal repli respir retin rhesus
    rhizob ribo rodent saccharomyc saliv salmonell sarcom schwann seizur sensory sepal septin serine
    serotype serum somit sonicat spermat spindle spleen splic spore stamen sterile stero stom striat
    substrate subunit sulf supernat symbio symptom synap syndrome synthas telomer testes testicular testis
    tetanus therap thorac threonin thylak thym thyroid tissue titer toxi trachea transcri transduc transfect
    transgen translocat transmembrane transporter tryp tubul tumor tumour tyros ubiquit ultracentrif umbilic
    ureter uridin urin uter vacuol vagin valine vascul ventral ventric vertebr vesic vestib viral virus
    vitro vivo wildtype wnt xenop xylem zebrafish zygot
    """.split()
)
"""Beginnings of words that are seldom met outside biology and medicine.

They are sorted, and none begins with another, so that one look finds the one that a word begins with.
"""

BIOLOGY_WORDS = frozenset(
    """
    actin amplification atp blasts blot blots cdna cell cells coli dissection dna gene genes germ gfp gtp
    helices helix ion ions kda lens lenses limb limbs loci locus mrna organ organs pcr pore pores pups qtl
    rat rats residue residues rna secrete secreted secretes secretion secretory solute solutes ssdna stained
    staining uptake wt
    """.split()
)
"""Whole words of that kind."""

BIOLOGY_ENDINGS = tuple(
    """
    dase dases lase lases nase nases rase rases sase sases tase tases cyte cytes genesis osome osomes plasm
    plasms opathy ectomy itis blast blasts emia philic phobic trophic kinesis dna dnas rna rnas
    """.split()
)
"""Endings of such words, those of enzymes first: no databases and no releases."""

MAYBE_STEMS = tuple(
    """
    animal binding blood bone brain breed carbon channel crop digest domain duct ecosystem egg fatty femal
    ferment fish flies fly forest fruit gland growth habitat hair heart herit infect insect lateral leaf
    leaves ligament male mating milk mouse muscle nutri organic oxygen patient petal plant pollen potassium
    predat psycho root seed semin sequenc sexual sibling signaling signalling skelet skin skull sodium soil
    species sperm spinal starch stem strain sucrose sugar tail teeth tendon tooth vein vitamin wing worm
    yeast yolk zinc
    """.split()
)
"""Beginnings of words that are met in biology as well as in a kitchen or at school, sorted like these."""

ELSEWHERE = frozenset(
    """
    accelerator accident accidents accountant accused actor actors actress aerodynamic afraid agreements
    aircraft airline airlines airplane airport airports album albums algebra algebraic alloy alloys
    ambassador angry anniversary announced announcement announcements apartment api apologised apologized
    appeal appeals apples arbitration architect architects args argue argued argument arguments arithmetic
    armies army artist artists ascii ashamed asked asleep assignment asteroid asteroids astronaut astronauts
    astronomer astronomers astronomy async athlete athletes attic attorney attribute attributeerror
    attributes auction audience audiences aunt autumn avalanche await awaitable axiom axioms backslash
    backslashes backyard bake baked baking balcony ballet ballot bank banker bankrupt bankruptcy banks
    bargain baseball basketball bathroom batteries battery battle battles beach beaches bedroom beer begged
    bible bicycle bicycles bike bikes billion birthday biscuit bishop blanket blizzard bluetooth boarding
    boat boats boil bomb bombs book books bookshop boolean boots borrow borrowed boson boss bottle bottles
    bought bowl bowls boyfriend brake brakes brass brave bread breakfast bribe brick bricks bride bridge
    bridges broadcast broadcasts bronze broom brother brothers browser browsers bucket budget budgets bug
    bugs builtin burglar bus buses business businesses butter button buttons buy buyer buyers buys byte
    bytearray bytecode bytes cache café cake cakes calculus callable callback callbacks cameras campaign
    campaigns candy canvas captain car carnival carpenter carpet carrot carrots cars carved cash castle
    castles cathedral ceasefire ceiling celebrate celebrated celebration cellar cents centuries century
    ceremonial ceremonies ceremony chair chairs champion champions championship chancellor charset cheap
    cheese chef cherries chess chimney chmod chocolate choir christmas church churches cinema cinnamon
    circus citizen citizens citizenship classroom clause clauses cleaner clerk clicked cliffs climate clock
    clocks cloud clouds cloudy coach coaches coal coalition coats codec codecs coffee coin coins college
    colonel comet comets command committee companies company compile compiled compiler compilers complained
    concerts concrete conductor config congress congressman conjecture conquer conquered contract contracts
    contractual convergent converges cook cooked cookies cooking cooks copyright corollary coroutine
    coroutines corruption cosmic cosmology cottage couch councillor councils countries country court courts
    cousin cpu cricket cried crime crimes criminal criminals crowds cry crying csv curtain curtains customer
    customers cyclist dance danced dancer dancing datetime daughter daughters debt debts debug debugger
    debugging decimal decode decoded decoder decorator decorators defaults defendant defendants delete
    delicious democrat deprecated deque descriptor deserts desk dessert detective dict dictionaries
    dictionary diesel digits dinner diploma diplomat dir directories directory discount dispute disputes
    diver diverges dividend dividends divorce divorced docstring docstrings documentation doll dollar
    dollars door doorbell doors dough download downloaded downloads dozen dozens dream dreamed dreams dress
    dresses driver drivers drove drum drums earthquake earthquakes easter economic economist economists
    economy eigenvalue eigenvalues elect elected election elections electromagnetic electrons email emails
    embassy emperor empire employee employees employer employers encoder enemies enemy engine engineer
    engineers engines erase erases errno essay essays euro euros evening everybody everyone exam exams
    exception exceptions executor executors expensive export exports factories factory fairy father fence
    fences ferromagnetic ferry festival festivals fiction filename filenames filesystem filesystems film
    films firefighter firefighters firewall fireworks firm firms flats flight flights float floats flood
    flooded floods flour fog foggy folder folders football forget forgot forgotten formatter formatters
    freezer friday fridge fried friend friends friendship fry fuel fuels func funny furniture galaxies
    galaxy galleries gallery gambler game games garage garages garbage garden gardener gardeners gardens
    garlic gasoline gate gates gentleman gentlemen geologist geologists geology girlfriend git github
    glacier glaciers gloves goalkeeper god gods golf goods gossip government governments gpu grandfather
    grandma grandmother grandpa granite gravitational grill grilled groom guest guests guilty guitar guns
    gym hammer handler handlers happy harbour hardware hash hashable hat hate hated hats he headers headline
    headlines headmaster hedge helium her hereby hereinafter herself hexadecimal highway hill hills him
    himself hire hired hockey holiday holidays holy homework honey hope hoped horseback hostel hotel hotels
    house household households houses html hug hungry hurricane husband hypotenuse icy illegal immigrants
    immutable import imports inbox indexerror industries industry infinite inflation innocent install
    installed installer instance instances insurance insurer int integer integers integral integrals
    internet interpreter interview interviewed interviews invention inventor inventors invest invested
    investor investors invitation invited ionized island iterable iterables iterate iterator iterators
    jacket jail jam java javascript jealous jewel jewellery jewels joke jokes journalist journalists journey
    json judge judges juice juries jury kettle keyboard keyerror keys keyword keywords kids kindergarten
    king kings kissed kitchen knead knight knights kwarg kwargs ladder ladders ladies lady lake lamps landed
    landlord language languages laptop laptops laugh laughed lava law lawn laws lawsuit lawyer lawyers
    league leather lecture lectures legal legislation legislature lemma lemon lemons lending lent liability
    liable librarian libraries library licensee licensor lieutenant lighthouse lightning limestone linux
    literal literals loan loans localhost locomotive logarithm logger loggers login lonely lorry lottery
    love loved loves luggage lunch lyrics madam magazine magazines magma magnetism mail mailbox managers
    mansion marathon marble marched market markets marriage married marry mash mashed match matches
    mathematician mathematicians mathematics mattress mayor meal meals medal medals medieval melody menu
    merchant message messages metaclass meteor meteorite midnight million miners mining minister ministers
    missile missiles mister mixin mixins module modules monday money monk monks moon moons morning mortgage
    mosque motorbike motorcycle motorway mountain mountains movie movies mow multiprocessing murder murdered
    murderer museum museums mutex my myself namedtuple namespace namespaces nations navy nebula necklace
    neighbor neighbors neighbour neighbours neutrino neutrinos newline newlines news newspaper newspapers
    nightclub ninety nobody noodles noon novelist novels obligations ocean oceans office offices olympic
    onion onions opera operand operands operator operators opposition orbit orbits orchestra oserror oven
    overridden packet packets paint painted painter painters painting paintings palace pancake pancakes pans
    parabola parade parades paraphrase paraphrases parcel parcels parked parking parliament parliaments
    parse parsed parser parsers parsing parties party passenger passengers passport passports password
    passwords pasta patents pathname peace pedestrian pence pencil pencils pension pensions pep pepper
    persuade persuaded petroleum phone phones photographer photovoltaic phrase phrases pianist piano pickle
    pickled pie pillow pilot pilots pizza plaintiff planes planet planetary planets players playing plead
    pleaded plough plugin plugins plumber poem poems poet poetry poets poker police policeman policemen
    political politician politicians politics poll polls polynomial polynomials posix postcard postman
    potato potatoes pray prayer prayers preheat president presidents price prices priest priests prince
    princess print printed printer prison prisoner prisoners prisons professor profit profits promised proof
    proofs prosecutor proton proud pulsar pupil pupils purse pursuant python quantum quark quarks quarrel
    queen queue race races racing radio railroad railway railways rain rained raining rains rainy reactor
    rebellion recipe recipes recursion referee referendum refugee refugees refund refused refuses regex
    regexes rehearsal rehearse rehearsed relativity renaissance rent rented rents repr republican resign
    resigned restaurant restaurants return returned returns revenue revenues revolutionary rfc rifle river
    rivers road roads roast roasted robber robbery rock rocket rockets rocks roof roofs router routers rugby
    runtime runtimeerror sad saddle said sail sailed sailing sailor sailors saint salad salaries salary sang
    saturday sauce saucepan save saves scandal scarf school schools scored screwdriver sculptor sculpture
    secretary sediment sedimentary sediments seismic sell seller sellers sells semaphore semaphores
    semiconductor semiconductors senate senator sergeant server servers sew sewed shall shareholder
    shareholders ship ships shirt shirts shoes shook shop shopkeeper shopping shops shout shouted signed
    silk simmer sing singer singers sings sir sister sisters skier skiing skirt skyscraper smartphone smile
    smiled snow snowed snowstorm snowy soap soccer socket sockets socks sofa solar sold soldier soldiers
    somebody someone song songs soup spacecraft spaceship spam spoon spoons spreadsheet stadium staircase
    stairs stars startup statement statements statue statues statute stderr stdin stdlib stdout steal steel
    steered stellar stew stir stole stolen storm storms stove str street streets strike striker strikes
    string strings subclass subclassed subclasses subdirectories subdirectory submarine subprocess
    subprocesses subsequence suitcase suitcases summer sunday sunny sunrise sunset sunshine superclass
    superconducting superconductor supermarket supermarkets supernova supper surfing swimmer symlink
    symlinks symphony syntax tale tales tank tanks tariff tariffs tasty taxation taxes taxpayer tea teacher
    teachers team teams tectonic telegram telephone telescope telescopes television temple tenant tenants
    tennis terminate terminated testify textbook theater theatre theft theorem theorems thermodynamic
    thermodynamics thief thieves thirsty thousand thread threading threads thriller throne thunder
    thunderstorm thursday ticket tickets tide tides timeout timezone timezones tired toddler told tomatoes
    tomorrow tonight tornado tourism tourist tourists tournament towel towels town towns toy toys traceback
    tractor trade trader traders traffic train trains tram trams tramway travel travelled traveller
    travellers travels treaties treaty trigonometry trips troop troops trophy trousers truck trucks trumpet
    tsunami tuesday tuned tunnel tunnels tuple tuples turbine turbines turbulence turbulent tv typeerror
    tyre tyres umbrella umbrellas umpire uncle unemployment unhashable unicode union unions unittest
    universe unix upload uploaded uri uris url urls user username users utf vacation vacuum valley valleys
    valueerror variables verdict village villager villagers villages vinegar violin violinist visa visitor
    visitors vodka volcanic volcano volcanoes vote voted voter voters votes voting wage wages waiter
    waitress walked wallet wallpaper war warehouse warehouses warming warranty wars watched wealthy weapon
    weapons wear wearing wears weather webpage website websites wedding wednesday weekend welding wheels
    whisky whispered whitespace widow wife wifi windows wine wines wished witness witnesses wives won wooden
    wore worn wrapper wrappers xml yesterday yoga you your yours yourself
    """.split()
)
"""Words of everyday life, law, news, computing and other sciences that papers on biology hardly use."""
