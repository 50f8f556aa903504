/** @file A layout as a user writes it. */

/**
 * Columns of the constituents (lists of numbers) and of their jets (numbers).
 *
 * Either `px`, `py`, `pz`, or a transverse momentum, a pseudorapidity and an azimuth. Each of these is given itself
 * (`pt`, `eta`, `phi`) or relative to the jet: pT = `ptRel` · `jetPt`, η = `jetEta` + `etaRel`, φ = `jetPhi` + `phiRel`.
 * The energy is `E`; without it, it follows from `mass`; without both, constituents are massless.
 */
export interface LayoutColumns {
  readonly px?: string;
  readonly py?: string;
  readonly pz?: string;
  readonly pt?: string;
  readonly eta?: string;
  readonly phi?: string;
  readonly ptRel?: string;
  readonly etaRel?: string;
  readonly phiRel?: string;
  readonly jetPt?: string;
  readonly jetEta?: string;
  readonly jetPhi?: string;
  readonly E?: string;
  readonly mass?: string;
  /** what the four-vector is multiplied by; with 0 it is no constituent */
  readonly weight?: string;
  /** electric charge in units of e; read where the file has it */
  readonly charge?: string;
  /** number of the vertex, 0 for the leading one, any other for pile-up; read where the file has it */
  readonly vertex?: string;
  /** in place of `vertex`: not 0 for constituents of the leading vertex, 0 for pile-up */
  readonly leading?: string;
  /** 0 for what is no constituent, whatever its other numbers are; read where the file has it */
  readonly valid?: string;
}

/**
 * How the jets of events are found, where a row of the table is an event: a collection `X` is the columns `X_…`, lists of as many
 * numbers as `nX` says.
 */
export interface LayoutEvents {
  /** the collection of jets, e.g. `FatJet`: its columns are numbers a jet, as those without a list are */
  readonly jets: string;
  /** the collection of particles, e.g. `PFCands`: its columns are lists a jet */
  readonly candidates: string;
  /** column that says of each link which jet of the event it belongs to, from 0; below 0 to none */
  readonly jetIndex: string;
  /** column that says of each link which candidate of the event it is, from 0; below 0 none */
  readonly candidateIndex: string;
}

/** A layout as a user writes it. */
export interface LayoutJson {
  /** the named layout that this one changes */
  readonly extends?: string;
  /** path of the tree in a ROOT file; without it, the only tree with these columns */
  readonly tree?: string;
  /** constituents of a jet that are kept, leading in pT; jets with fewer are padded with zeros */
  readonly constituents?: number;
  /** of momenta, energies and masses in the file */
  readonly unit?: 'GeV' | 'MeV';
  readonly columns?: LayoutColumns;
  /** where a row is an event: how its jets are found */
  readonly events?: LayoutEvents;
  /** `etaRel` has been multiplied by the sign of `jetEta` (−1 where that is 0 or less) */
  readonly etaRelMirrored?: boolean;
  /** column of whole numbers that tell the class; without it, every class has a column of 0 and 1 */
  readonly labelColumn?: string;
  /** name of each value of `labelColumn`, from 0 on */
  readonly labelNames?: readonly string[];
  /** classes that are background: names of columns, or names or values of `labelColumn` */
  readonly background?: LabelChoice;
  /** classes that are signal */
  readonly signal?: LabelChoice;
  /** in place of both, any number of classes in the order of their numbers, each told as background and signal are */
  readonly labels?: readonly LabelChoice[];
  /** names for people, in the order of their numbers: [background, signal], or one for each of `labels` */
  readonly classes?: readonly string[];
  /** jets that are none of these: an error when the labels are read, or left out of the source */
  readonly others?: 'refuse' | 'leave-out';
}

export type LabelChoice = string | number | readonly (string | number)[];
