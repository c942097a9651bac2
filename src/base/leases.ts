/**
 * Names that one holder has at a time, over all processes that share them. One that is not given back is free after its
 * time: its holder has died.
 */
export interface Leases {
  /**
   * @param now milliseconds since 1970
   * @param until when it is free, whatever becomes of its holder
   * @returns the holder's own number, or null while another has the name
   */
  take(name: string, now: number, until: number): Promise<number | null>;
  /** Gives a name back; one that another has meanwhile stays with that one. */
  giveBack(name: string, holder: number): Promise<void>;
}
