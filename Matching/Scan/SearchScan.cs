using System.Numerics;
using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Scores;

namespace MatchCluster.Matching.Scan;

/// <summary>One search on its way through a partition's slots: who may be seen, what was found so far.</summary>
internal sealed class SearchScan
{
    private readonly Search search;
    private readonly bool[] visible;
    private readonly bool fingers;
    private readonly bool irises;
    private readonly SampleBests current;
    private readonly TopCandidates<SampleBest[]> top;

    // Identities with several encounters are joined here and ranked when the scan ends; there are few of them.
    private readonly Dictionary<Identity, SampleBests> several = [];
    private double floorOf = double.NaN;
    private double sampleFloor;

    public SearchScan(Search search, GallerySnapshot gallery)
    {
        this.search = search;
        visible = gallery.Visible(search.Gallery);
        GalleryKnown = gallery.Knows(search.Gallery);
        fingers = search.Filter.Modalities?.Contains(Modality.Finger) ?? true;
        irises = search.Filter.Modalities?.Contains(Modality.Iris) ?? true;
        current = new SampleBests(search.Probe);
        top = new TopCandidates<SampleBest[]>(search.MaxCandidates, search.Threshold);
    }

    public bool GalleryKnown { get; }

    public long Comparisons { get; private set; }

    public Probe Probe => search.Probe;

    /// <summary>Whether fingers of the probe take part.</summary>
    public bool ScoresFingers => fingers && search.Probe.Fingers.Count > 0;

    /// <summary>Whether irises of the probe take part.</summary>
    public bool ScoresIrises => irises && search.Probe.Irises.Count > 0;

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
                sampleFloor = FusionFloor.Of(
                    floorOf,
                    (ScoresFingers ? search.Probe.Fingers.Count : 0) + (ScoresIrises ? search.Probe.Irises.Count : 0));
            }

            return sampleFloor;
        }
    }

    /// <summary>Counts comparisons that a proposer made for this search.</summary>
    public void AddComparisons(long count) => Comparisons += count;

    /// <summary>Which of 64 live slots this search may see.</summary>
    public ulong Eligible(Segment segment, int word, ulong alive)
    {
        int only = segment.OnlySet;
        if (only >= 0 && search.Filter is { YearOfBirthMin: null, YearOfBirthMax: null, Sex: Model.Sex.Unknown })
        {
            return visible[only] ? alive : 0;
        }

        ulong eligible = 0;
        for (ulong left = alive; left != 0; left &= left - 1)
        {
            int bit = BitOperations.TrailingZeroCount(left);
            eligible |= MaySee(segment.Columns((word * 64) + bit)) ? 1UL << bit : 0;
        }

        return eligible;
    }

    /// <summary>Scores one live slot, if its encounter may be seen.</summary>
    public void Visit(SlotRef slot, FingerScratch scratch)
    {
        ref readonly SlotColumns columns = ref slot.Segment.Columns(slot.Slot);
        if (!MaySee(columns))
        {
            return;
        }

        current.Clear();
        (int first, int end) = slot.Segment.RowsOf(slot.Slot);
        for (int row = first; row < end; row++)
        {
            if (slot.Segment.PositionOf(row).Modality == Modality.Finger)
            {
                if (fingers)
                {
                    CompareFinger(slot, row, scratch);
                }
            }
            else if (irises)
            {
                CompareIris(slot, row);
            }
        }

        if (!columns.Identity.HasSeveral)
        {
            Rank(columns.Identity, current);
        }
        else if (several.TryGetValue(columns.Identity, out SampleBests? joined))
        {
            joined.AddAll(current);
        }
        else
        {
            joined = new SampleBests(search.Probe);
            joined.AddAll(current);
            several.Add(columns.Identity, joined);
        }
    }

    /// <summary>Ranks what was found. Call once.</summary>
    public IReadOnlyList<Hit> Finish()
    {
        foreach ((Identity identity, SampleBests joined) in several)
        {
            Rank(identity, joined);
        }

        return [.. top.Ranked().Select(entry => new Hit(entry.PersonId, entry.Score, Details(entry.Detail)))];
    }

    private bool MaySee(in SlotColumns columns) =>
        columns.IsActive && visible[columns.GallerySet] && Passes(search.Filter, columns);

    /// <summary>An encounter that does not state a bin passes its test.</summary>
    private static bool Passes(SearchFilter filter, in SlotColumns columns) =>
        (columns.YearOfBirth == 0
            || (columns.YearOfBirth >= (filter.YearOfBirthMin ?? int.MinValue)
                && columns.YearOfBirth <= (filter.YearOfBirthMax ?? int.MaxValue)))
        && (filter.Sex == Sex.Unknown || columns.Sex == Sex.Unknown || filter.Sex == columns.Sex);

    private void CompareFinger(SlotRef slot, int row, FingerScratch scratch)
    {
        BiometricPosition position = slot.Segment.PositionOf(row);
        ReadOnlySpan<byte> memory = slot.Segment.Row(row);
        for (int i = 0; i < search.Probe.Fingers.Count; i++)
        {
            FingerProbe probe = search.Probe.Fingers[i];
            if (!probe.Position.IsComparableWith(position))
            {
                continue;
            }

            FingerMatch match = FingerMatcher.Compare(probe.Template, memory, scratch);
            double score = FingerCalibration.Score(
                match.Strength, probe.Template.Cylinders, FingerTemplate.CylindersAt(memory));
            current.Offer(i, score, match.Similarity, default, slot, row);
            Comparisons++;
        }
    }

    private void CompareIris(SlotRef slot, int row)
    {
        BiometricPosition position = slot.Segment.PositionOf(row);
        ReadOnlySpan<byte> memory = slot.Segment.Row(row);
        for (int i = 0; i < search.Probe.Irises.Count; i++)
        {
            IrisProbe probe = search.Probe.Irises[i];
            if (!probe.Position.IsComparableWith(position)
                || !IrisScorer.TryCompare(probe, memory, out IrisComparison comparison))
            {
                continue;
            }

            double score = IrisCalibration.Score(comparison, probe.Shape);
            current.Offer(search.Probe.Fingers.Count + i, score, 0, comparison, slot, row);
            Comparisons++;
        }
    }

    private void Rank(Identity identity, SampleBests bests)
    {
        double score = bests.Fuse();
        if (!double.IsNaN(score) && top.MayEnter(score, identity.PersonId))
        {
            top.Add(score, identity.PersonId, bests.ToArray());
        }
    }

    private List<HitDetail> Details(SampleBest[] bests)
    {
        List<HitDetail> details = [];
        for (int i = 0; i < bests.Length; i++)
        {
            SampleBest best = bests[i];
            if (best.Comparisons == 0)
            {
                continue;
            }

            bool finger = i < search.Probe.Fingers.Count;
            IrisProbe? eye = finger ? null : search.Probe.Irises[i - search.Probe.Fingers.Count];
            details.Add(new HitDetail
            {
                EncounterId = best.EncounterId,
                ProbePosition = eye?.Position ?? search.Probe.Fingers[i].Position,
                GalleryPosition = best.Slot.Segment.PositionOf(best.Row),
                Score = best.Score,
                Raw = eye is null ? best.Similarity / (double)FingerScorer.One : best.Iris.Distance,
                Normalised = eye is null ? null : IrisCalibration.Normalised(best.Iris, eye.Shape),
                ValidBits = eye is null ? null : best.Iris.Valid,
                Rotation = eye is null ? null : best.Iris.Rotation,
            });
        }

        return details;
    }
}
