using System.Runtime.InteropServices;
using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Irises.Blocks;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scan.Screening;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Scan;

/// <summary>One search on its way through a partition's slots: who may be seen, what was found so far.</summary>
internal sealed class SearchScan
{
    private readonly Search search;
    private readonly ComparisonBudget budget;
    private readonly ScoreCalibration calibration;
    private readonly bool fingers;
    private readonly bool irises;
    private readonly SampleBests current;
    private long reached;
    private long missed;
    private FirstStage sampled = new() { Encounters = 0, Passed = 0 };
    private readonly TopCandidates<SampleBest[]> top;
    private readonly double threshold;

    // Identities with several encounters are joined here and ranked when the scan ends; there are few of them.
    private readonly Dictionary<Identity, SampleBests> several = [];

    // For second looks at finalists: the slots of those identities, and what looks.
    private readonly Dictionary<Identity, List<SlotRef>> severalSlots = [];
    private readonly Finalists? finalists;
    private double floorOf = double.NaN;
    private double sampleFloor;

    private readonly SecondStage secondStage;

    // The identities of chosen slots that have other slots too.
    private readonly HashSet<Identity> chosenSeveral = [];

    /// <param name="search">What is asked.</param>
    /// <param name="gallery">What is searched.</param>
    /// <param name="budget">How long; nothing is compared after its end, and nobody is ranked by half of it.</param>
    /// <param name="calibration">What fingers are scored by; null takes the committed curves.</param>
    public SearchScan(
        Search search, GallerySnapshot gallery, ComparisonBudget budget, ScoreCalibration? calibration = null)
    {
        this.search = search;
        this.calibration = calibration ?? ScoreCalibration.Default;
        this.budget = budget;
        Sight = new SearchEligibility(search, gallery);
        GalleryKnown = gallery.Knows(search.Gallery);
        fingers = search.Filter.Includes(Modality.Finger);
        ScoresFingers = fingers && search.Probe.Fingers.Any(finger => finger.Template.IsComparable);
        irises = search.Filter.Includes(Modality.Iris);
        current = new SampleBests(search.Probe);
        if (search.OnlyPerson is null)
        {
            (Held, Comparable) = GalleryCensus.Of(search, gallery, Sight, new(search.Probe, fingers, irises));
        }

        // Whom the stages give up follows from what is held here, never from a remembered floor.
        double asked = search.TargetFpir is { } target ? Fpir.ThresholdFor(target, Comparable) : search.Threshold;
        threshold = Math.Max(search.Threshold, asked);
        secondStage = new SecondStage(search.Probe, asked, budget);
        finalists = Finalists.Of(
            search.Probe, fingers, irises, search.OnlyPerson is not null, budget, this.calibration);
        top = new TopCandidates<SampleBest[]>(search.MaxCandidates, threshold);
        Screened = ScoresFingers && !search.Exhaustive ? new ScreenedSearch(this, search.Probe, asked) : null;
    }

    /// <summary>Identities that the search may see.</summary>
    public long Held { get; }

    /// <summary>Held identities with a sample that can be compared with one of the probe.</summary>
    public long Comparable { get; }

    /// <summary>Identities found at or above the threshold so far.</summary>
    public long Reached => top.Reached;

    /// <summary>Whom the search may see.</summary>
    public SearchEligibility Sight { get; }

    /// <summary>The search in the first stage; null where every encounter is scored in full.</summary>
    public ScreenedSearch? Screened { get; }

    /// <summary>What the first stage did; null where there was none.</summary>
    public FirstStage? FirstStage =>
        (Screened is not null ? Screened.FirstStage : IrisWork.SampledEyes == 0 ? null
            : sampled with { Comparisons = IrisWork.SampledEyes })?.Ended(
            reached, missed, IrisWork.SampledEyes == 0 ? null : SampleBound.Loss);

    public bool GalleryKnown { get; }

    public long Comparisons { get; private set; }

    public Probe Probe => search.Probe;

    /// <summary>Whether fingers of the probe take part.</summary>
    public bool ScoresFingers { get; }

    /// <summary>Whether irises of the probe take part.</summary>
    public bool ScoresIrises => irises && search.Probe.Irises.Count > 0;

    /// <summary>Whether irises are sampled before they are compared exactly.</summary>
    public bool IsFast => search.FastIrises && ScoresIrises;

    /// <summary>What the blocks of eyes took so far.</summary>
    public IrisWork IrisWork { get; private set; }

    /// <summary>
    /// Whether blocks of eyes say which slots the irises ask for; otherwise every slot with an iris is visited. Where
    /// fingers are scored without a first stage everybody is visited anyway.
    /// </summary>
    public bool ProposesIrises { get; set; }

    /// <summary>
    /// A score that some sample of an identity must reach for the identity to be ranked now: follows from the k-th best
    /// so far and the fusion. 0 where anybody may be.
    /// </summary>
    public double SampleFloor
    {
        get
        {
            if (floorOf != top.Floor)
            {
                floorOf = top.Floor;
                sampleFloor = FusionFloor.Of(floorOf, search.Probe.Places.CountOf(ScoresFingers, ScoresIrises));

                // The score of a finalist for one sample may rise by a second look at the others.
                sampleFloor = finalists is null ? sampleFloor : Math.Min(sampleFloor, SwappedFingers.FinalistScore);
            }

            return sampleFloor;
        }
    }

    /// <summary>Counts comparisons that a proposer made for this search.</summary>
    public void AddComparisons(long count) => Comparisons += count;

    /// <summary>Counts what a block of eyes took.</summary>
    public void AddIrisWork(IrisWork block) => IrisWork += block;

    /// <summary>Counts what a sampled first stage of irises alone made of a block.</summary>
    public void AddSampled(FirstStage block) => sampled = FirstStage.Add(sampled, block)!;

    /// <summary>Scores one live slot, if its encounter may be seen; NaN where nothing could be compared.</summary>
    public double Visit(SlotRef slot, FingerScratch scratch)
    {
        ref readonly SlotColumns columns = ref slot.Segment.Columns(slot.Slot);
        if (!Sight.MaySee(columns))
        {
            return double.NaN;
        }

        current.Clear();
        (int first, int end) = slot.Segment.RowsOf(slot.Slot);
        for (int row = first; row < end; row++)
        {
            switch (slot.Segment.PositionOf(row).Modality)
            {
                case Modality.Finger when fingers:
                    CompareFinger(slot, row, scratch);
                    break;
                case Modality.Iris when irises:
                    CompareIris(slot, row);
                    break;
                case Modality.Finger or Modality.Iris:
                    break;
                case var other:
                    throw new InvalidOperationException($"no scan compares rows of {other}");
            }
        }

        if (budget.IsSpent)
        {
            return double.NaN;
        }

        if (!columns.Identity.HasSeveral)
        {
            Rank(columns.Identity, current, [slot], scratch);
        }
        else
        {
            Join(columns.Identity, slot);
        }

        return current.Fuse();
    }

    private void Join(Identity identity, SlotRef slot)
    {
        if (!several.TryGetValue(identity, out SampleBests? joined))
        {
            joined = new SampleBests(search.Probe);
            several.Add(identity, joined);
            severalSlots.Add(identity, []);
        }

        joined.AddAll(current);
        severalSlots[identity].Add(slot);
    }

    /// <summary>Whether an iris of the probe could be compared with one of a slot.</summary>
    public bool MayMeetIris(Segment segment, int slot)
    {
        if (!irises || search.Probe.Irises.Count == 0)
        {
            return false;
        }

        // Irises are the last rows of a slot.
        (int first, int end) = segment.RowsOf(slot);
        return end > first && segment.IsIris(end - 1);
    }

    /// <summary>Whether a slot is visited for its irises without any look at their blocks.</summary>
    public bool MustMeetIris(Segment segment, int slot) => MayMeetIris(segment, slot)
        && (!ProposesIrises || (segment.Several(slot >> 6) >> (slot & 63) & 1) != 0);

    /// <summary>Scores a live slot of the segment that the first stage looked at last, if it is to be scored.</summary>
    public void VisitChosen(SlotRef slot, FingerScratch scratch)
    {
        if (Screened?.Chosen is { } chosen)
        {
            if (Screened.IsAudited(slot.Slot))
            {
                Audit(slot, scratch);
                return;
            }

            if (!chosen.Has(slot.Slot))
            {
                return;
            }

            Identity identity = slot.Segment.Columns(slot.Slot).Identity;
            if (identity.HasSeveral)
            {
                chosenSeveral.Add(identity);
            }
            else if (Screened.StrongestOf(slot.Slot) is >= 0 and int strongest && !IsLike(slot, strongest, scratch))
            {
                if (Screened.AuditsUnlike(slot.Slot))
                {
                    Audit(slot, scratch);
                }

                return;
            }
        }

        reached += Visit(slot, scratch) >= threshold ? 1 : 0;
    }

    /// <summary>Scores a slot that no stage chose, to see what they miss.</summary>
    public void Audit(SlotRef slot, FingerScratch scratch) => missed += Visit(slot, scratch) >= threshold ? 1 : 0;

    /// <summary>Call between the last slot and <see cref="VisitOthers"/>.</summary>
    public void EndSlots()
    {
        if (Screened is not null)
        {
            // Segments too small for a first stage chose nobody: those who reach the threshold there count as chosen.
            chosenSeveral.UnionWith(
                several.Where(joined => joined.Value.Fuse() >= threshold).Select(joined => joined.Key));
        }
    }

    /// <summary>
    /// Scores what the first stage passed over of identities with several encounters one of which it chose: their
    /// score is then the one that an exhaustive search gives them.
    /// </summary>
    /// <param name="view">A segment that was searched.</param>
    /// <param name="chosen">What the first stage chose of it; null where that was everything.</param>
    /// <param name="scratch">The working memory of the calling thread.</param>
    public void VisitOthers(SegmentView view, SlotBits? chosen, FingerScratch scratch)
    {
        if (chosen is null || chosenSeveral.Count == 0)
        {
            return;
        }

        for (int slot = 0; slot < view.Slots; slot++)
        {
            if (!chosen.Has(slot) && !view.IsDead(slot)
                && chosenSeveral.Contains(view.Segment.Columns(slot).Identity))
            {
                Visit(new SlotRef(view.Segment, slot), scratch);
            }
        }
    }

    /// <summary>Ranks what was found. Call once.</summary>
    public IReadOnlyList<Hit> Finish(FingerScratch scratch)
    {
        foreach ((Identity identity, SampleBests joined) in several)
        {
            Rank(identity, joined, CollectionsMarshal.AsSpan(severalSlots[identity]), scratch);
        }

        return
        [
            .. top.Ranked().Select(
                entry => new Hit(
                    entry.PersonId, entry.Score, HitDetails.Of(search.Probe, entry.Detail, Sight.Sets))),
        ];
    }

    /// <summary>Whether its strongest finger lets a slot reach the threshold; irises are never ruled out.</summary>
    private bool IsLike(SlotRef slot, int strongest, FingerScratch scratch)
    {
        if (MayMeetIris(slot.Segment, slot.Slot))
        {
            return true;
        }

        (bool isLike, int made) = secondStage.IsLike(slot, strongest, scratch);
        Comparisons += made;
        return isLike;
    }

    private void CompareFinger(SlotRef slot, int row, FingerScratch scratch)
    {
        BiometricPosition position = slot.Segment.PositionOf(row);
        ReadOnlySpan<byte> memory = slot.Segment.Row(row);
        if (FingerTemplate.CylindersAt(memory) < FingerTemplate.LeastCylinders)
        {
            return;
        }

        for (int i = 0; i < search.Probe.Fingers.Count; i++)
        {
            FingerProbe probe = search.Probe.Fingers[i];

            // A print that agrees with nobody is not compared: it would argue against its owner.
            if (!probe.Template.IsComparable || !probe.Position.IsComparableWith(position))
            {
                continue;
            }

            if (budget.Ends())
            {
                return;
            }

            if (!secondStage.HasMade(slot, row, i, out FingerMatch match))
            {
                match = FingerMatcher.Compare(probe.Template, memory, scratch);
                Comparisons++;
            }

            double score = calibration.FingerScore(match.Strength, probe.Template, memory);
            current.Offer(i, score, match.Similarity, default, slot, row);
        }
    }

    private void CompareIris(SlotRef slot, int row)
    {
        BiometricPosition position = slot.Segment.PositionOf(row);
        ReadOnlySpan<byte> memory = slot.Segment.Row(row);
        for (int i = 0; i < search.Probe.Irises.Count; i++)
        {
            IrisProbe probe = search.Probe.Irises[i];
            if (budget.Ends())
            {
                return;
            }

            if (!probe.Position.IsComparableWith(position)
                || !IrisScorer.TryCompare(probe, memory, out IrisComparison comparison))
            {
                continue;
            }

            double score = IrisCalibration.Score(comparison, probe, memory);
            current.Offer(search.Probe.Fingers.Count + i, score, 0, comparison, slot, row);
            Comparisons++;
        }
    }

    private void Rank(Identity identity, SampleBests bests, ReadOnlySpan<SlotRef> slots, FingerScratch scratch)
    {
        double score = bests.Fuse();
        if (finalists?.Better(bests, score, slots, scratch) is { } better)
        {
            bests = better.Bests;
            score = better.Score;
        }

        Comparisons += finalists?.TakeComparisons() ?? 0;
        if (!double.IsNaN(score) && top.MayEnter(score, identity.PersonId))
        {
            top.Add(score, identity.PersonId, bests.ToArray());
        }
    }
}
