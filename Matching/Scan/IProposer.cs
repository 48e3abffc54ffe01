namespace MatchCluster.Matching.Scan;

/// <summary>
/// Rules out, for one modality, slots that cannot change an answer, without scoring them. Proposers are asked
/// about a search only where each of its modalities is covered (fingers by their first stage, irises by a
/// proposer), because an identity is ranked if a sample of any modality is good enough
/// (<see cref="SearchScan.SampleFloor"/>).
/// </summary>
internal interface IProposer
{
    /// <summary>
    /// Adds to what each search visits in <see cref="CandidateSlots.Block"/> of
    /// <see cref="CandidateSlots.Segment"/> the slots whose rows of this modality may reach the search's sample
    /// floor, and counts the rows it compared for slots that nobody visits. May add any slot, must not leave one out.
    /// </summary>
    /// <param name="visits">The block of slots and what is visited of it; a search not asked about visits all.</param>
    /// <param name="scratch">The thread's memory.</param>
    void Propose(CandidateSlots visits, ScanScratch scratch);
}
