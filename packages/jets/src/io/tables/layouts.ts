/** @file The layouts of public datasets that are built in: data, with their sources. */
import type { LayoutJson } from './layoutJson.js';

/** Constituents as JetClass and JetClass-II have them, leading in pT. */
const PARTICLES = { px: 'part_px', py: 'part_py', pz: 'part_pz', E: 'part_energy', charge: 'part_charge' };

const spread = (prefix: string, endings: string): string[] => endings.split(' ').map((ending) => prefix + ending);

/** Decays of a pair from Y → ff and of one lepton or quark less, as JetClass-II numbers them. */
const pairWith = (pair: string, others: string): string[] => spread(`label_X_YY_${pair}`, others);

const FLAVOURS = ['b', 'c', 's', 'q', 'g'];
const LEPTON_PAIRS = ['ee', 'mm', 'tauhtaue', 'tauhtaum', 'tauhtauh'];
const TAUS = 'tauhtaue tauhtaum tauhtauh';
const MIXED = ['bc', 'cs', 'bq', 'cq', 'sq', 'qq'];

/** Names of `jet_label` 0 to 160: X → 2 prongs, then X → YY → 3 or 4 prongs. */
const RESONANT = [
  ...spread('label_X_', `bb cc ss qq bc cs bq cq sq gg ee mm ${TAUS}`),
  ...pairWith('bb', `bb cc ss qq gg ee mm ${TAUS} b c s q g e m`),
  ...pairWith('cc', `cc ss qq gg ee mm ${TAUS} b c s q g e m`),
  ...pairWith('ss', `ss qq gg ee mm ${TAUS} b c s q g e m`),
  ...pairWith('qq', `qq gg ee mm ${TAUS} b c s q g e m`),
  ...pairWith('gg', `gg ee mm ${TAUS} b c s q g e m`),
  ...LEPTON_PAIRS.flatMap((leptons) => FLAVOURS.map((flavour) => `label_X_YY_${flavour}${leptons}`)),
  ...pairWith('', 'qqqb qqqc qqqs bbcq ccbs ccbq ccsq sscq qqbc qqbs qqcs bcsq bcs bcq bsq csq'),
  ...['ev', 'mv', 'tauev', 'taumv', 'tauhv'].flatMap((lepton) => MIXED.map((pair) => `label_X_YY_${pair}${lepton}`)),
];

/** Names of `jet_label` 161 to 187: QCD jets by the heavy and strange quarks in them. */
const MULTIJET = spread(
  'label_QCD_',
  'bbccss bbccs bbcc bbcss bbcs bbc bbss bbs bb bccss bccs bcc bcss bcs bc bss bs b ccss ccs cc css cs c ss s light',
);

/** A collection of NanoAOD as the constituents of its jets. */
const candidates = (collection: string) => ({
  pt: `${collection}_pt`,
  eta: `${collection}_eta`,
  phi: `${collection}_phi`,
  mass: `${collection}_mass`,
  charge: `${collection}_charge`,
});

/** Jets with a b hadron against those of light quarks and gluons; those with a c hadron are neither. */
const flavours = (collection: string) => ({
  labelColumn: `${collection}_hadronFlavour`,
  background: 0,
  signal: 5,
  classes: ['light', 'b'] as const,
});

/** Columns of the classes of JetClass other than QCD. */
const RESONANCES = spread('label_', 'Hbb Hcc Hgg H4q Hqql Zqq Wqq Tbqq Tbl');

/** A column that is 0 for the first class and 1 for the second. */
const zeroOrOne = (labelColumn: string, classes: readonly [background: string, signal: string]) =>
  ({ labelColumn, background: 0, signal: 1, classes }) as const;

export const NAMED_LAYOUTS: Readonly<Record<string, LayoutJson>> = {
  /**
   * CMS open data HiggsToBBNTuple, ROOT: AK8 jets, tree `deepntuplizer/tree`.
   *
   * The producer fills `pfcand_ptrel` with pT / pT(jet), `pfcand_phirel` with φ − φ(jet) in (−π, π], and
   * `pfcand_etarel` with η − η(jet) times +1 where η(jet) > 0 and −1 elsewhere; particles are taken as massless, and
   * not weighted by `pfcand_puppiw`. Signal is `fj_isH`, background `sample_isQCD`: jets of the Higgs samples that are
   * not matched to a Higgs boson are neither.
   *
   * @see https://doi.org/10.7483/OPENDATA.CMS.JGJX.MS7Q
   * @see https://github.com/cms-opendata-analyses/HiggsToBBNtupleProducerTool (NtupleAK8/src/PFCandidateFiller.cc)
   */
  HiggsToBBNTuple: {
    constituents: 100,
    columns: {
      ptRel: 'pfcand_ptrel',
      etaRel: 'pfcand_etarel',
      phiRel: 'pfcand_phirel',
      jetPt: 'fj_pt',
      jetEta: 'fj_eta',
      jetPhi: 'fj_phi',
      charge: 'pfcand_charge',
    },
    etaRelMirrored: true,
    background: 'sample_isQCD',
    signal: 'fj_isH',
    classes: ['QCD', 'H'],
  },

  /**
   * The top-tagging reference dataset as a table of numbers: four columns a constituent, `E_0, PX_0, PY_0, PZ_0, …`. HDF5
   * files of this form need no layout.
   *
   * @see https://doi.org/10.5281/zenodo.2603256
   */
  TopTagging: {
    constituents: 200,
    columns: { E: 'E', px: 'PX', py: 'PY', pz: 'PZ', charge: 'CHARGE' },
    ...zeroOrOne('is_signal_new', ['QCD', 'top']),
  },

  /**
   * The same jets in a sixth of the bytes, HDF5: flat arrays with `offset`, float16 of half the momenta in GeV, which
   * float16 holds up to 131 TeV; E = |p|.
   */
  TopTaggingCompact: {
    constituents: 200,
    columns: { px: 'twice_px', py: 'twice_py', pz: 'twice_pz' },
    ...zeroOrOne('is_signal_new', ['QCD', 'top']),
  },

  /**
   * Jets with pile-up, HDF5: flat arrays of codes with `offset`, seen about the axis of each jet, which is the origin;
   * 400 constituents are more than any of its jets has.
   *
   * @see https://arxiv.org/abs/1707.08600
   */
  PUMML: {
    constituents: 400,
    columns: { pt: 'pt', eta: 'eta_rel', phi: 'phi_rel', charge: 'charge', leading: 'leading' },
  },

  /**
   * LHC Olympics 2020, HDF5 of pandas: a row is an event of 700 hadrons in 2,100 numbers, and whether it is signal.
   *
   * @see https://doi.org/10.5281/zenodo.4536377
   */
  LHCOlympics: {
    constituents: 700,
    columns: { pt: 'hadron_pt', eta: 'hadron_eta', phi: 'hadron_phi' },
    ...zeroOrOne('is_signal', ['QCD', 'signal']),
  },

  /**
   * JetNet, HDF5: `particle_features` (n, 30 or 150, 4) with η and φ about the axis of the jet, pT relative to it and a
   * mask; `jet_features` begins with the pT of the jet. The kind of jet is in the name of the file.
   *
   * @see https://doi.org/10.5281/zenodo.6975118
   */
  JetNet: {
    constituents: 150,
    columns: {
      ptRel: 'particle_features[2]',
      jetPt: 'jet_features[0]',
      eta: 'particle_features[0]',
      phi: 'particle_features[1]',
      valid: 'particle_features[3]',
    },
  },

  /**
   * EnergyFlow's Pythia and Herwig jets, `.npz`: `X` (n, m, 4) is pT in GeV, rapidity, φ and PDG number, `y` 1 for quarks
   * and 0 for gluons. Particles are taken as massless, so that rapidity is pseudorapidity.
   *
   * @see https://doi.org/10.5281/zenodo.3164691
   */
  EnergyFlow: {
    constituents: 150,
    columns: { pt: 'X[0]', eta: 'X[1]', phi: 'X[2]' },
    ...zeroOrOne('y', ['gluon', 'quark']),
  },

  /**
   * Dumps of ATLAS flavour tagging, HDF5: records `jets` (n) and `tracks` (n, m), in MeV; φ is about the axis of the jet.
   * Light jets are background, b jets signal; c and τ jets are neither.
   *
   * @see https://training-dataset-dumper.docs.cern.ch
   * @see https://github.com/umami-hep/umami-preprocessing
   */
  FTAG: {
    constituents: 40,
    unit: 'MeV',
    columns: {
      ptRel: 'tracks.ptfrac',
      jetPt: 'jets.pt',
      etaRel: 'tracks.deta',
      jetEta: 'jets.eta',
      phi: 'tracks.dphi',
      valid: 'tracks.valid',
    },
    labelColumn: 'jets.HadronConeExclTruthLabelID',
    background: 0,
    signal: 5,
    classes: ['light', 'b'],
  },

  /**
   * CMS PFNano, ROOT: a row is an event; AK8 jets, whose particles count as much as PUPPI says.
   *
   * @see https://github.com/cms-jet/PFNano
   */
  PFNano: {
    tree: 'Events',
    constituents: 200,
    columns: { ...candidates('PFCands'), weight: 'PFCands_puppiWeight' },
    events: {
      jets: 'FatJet',
      candidates: 'PFCands',
      jetIndex: 'FatJetPFCands_jetIdx',
      candidateIndex: 'FatJetPFCands_pFCandsIdx',
    },
    ...flavours('FatJet'),
  },

  /** The AK4 jets of the same files, which in Run 2 are clustered from particles as they are. */
  PFNanoAK4: {
    tree: 'Events',
    constituents: 100,
    columns: candidates('PFCands'),
    events: {
      jets: 'Jet',
      candidates: 'PFCands',
      jetIndex: 'JetPFCands_jetIdx',
      candidateIndex: 'JetPFCands_pFCandsIdx',
    },
    ...flavours('Jet'),
  },

  /**
   * CMS NanoAOD from version 15 on, ROOT: AK8 jets with their particles, whose momenta and masses are multiplied by the weight of
   * PUPPI in the file.
   *
   * @see https://cms-nanoaod-integration.web.cern.ch/autoDoc
   */
  NanoAOD: {
    tree: 'Events',
    constituents: 200,
    columns: candidates('PFCand'),
    events: {
      jets: 'FatJet',
      candidates: 'PFCand',
      jetIndex: 'FatJetPFCand_jetIdx',
      candidateIndex: 'FatJetPFCand_pfCandIdx',
    },
    ...flavours('FatJet'),
  },

  /**
   * JetClass-II, Parquet (or ROOT): 188 classes in `jet_label`; the 27 of QCD are background, all others signal.
   *
   * @see https://huggingface.co/datasets/jet-universe/jetclass2
   * @see https://github.com/jet-universe/sophon
   * @see https://arxiv.org/abs/2405.12972
   */
  JetClassII: {
    constituents: 128,
    columns: PARTICLES,
    labelColumn: 'jet_label',
    labelNames: [...RESONANT, ...MULTIJET],
    background: MULTIJET,
    signal: RESONANT,
    classes: ['QCD', 'X'],
  },

  /**
   * JetClass, ROOT: ten classes, a column of 0 and 1 each; QCD is background, all others signal. The four-vectors are
   * in GeV, and 128 constituents are what the authors' networks take.
   *
   * @see https://doi.org/10.5281/zenodo.6619768
   * @see https://arxiv.org/abs/2202.03772
   */
  JetClass: {
    constituents: 128,
    columns: PARTICLES,
    background: 'label_QCD',
    signal: RESONANCES,
    classes: ['QCD', 'signal'],
  },

  /** The same jets, with a class for each of the ten columns. */
  JetClass10: {
    constituents: 128,
    columns: PARTICLES,
    labels: ['label_QCD', ...RESONANCES],
  },
};
