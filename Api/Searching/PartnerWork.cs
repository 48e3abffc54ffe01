using MatchCluster.Matching.Seam;

namespace MatchCluster.Api.Searching;

/// <summary>The work of one priority inside the gate, by partner. Not safe for several threads.</summary>
internal sealed class PartnerWork
{
    /// <summary>How long somebody who asks nothing any more is reckoned with.</summary>
    private static readonly TimeSpan Lately = TimeSpan.FromSeconds(10);

    /// <summary>The least answered cost that is remembered of a partner.</summary>
    private const double Nothing = 0.01;

    private readonly Dictionary<ulong, Share> shares = [];

    /// <summary>Pieces inside.</summary>
    public int Count { get; private set; }

    /// <summary>Their cost.</summary>
    public double Cost { get; private set; }

    /// <summary>Cost answered lately.</summary>
    public double Answered { get; private set; }

    /// <summary>Partners that have something inside, or had lately.</summary>
    public int Partners => shares.Count;

    public void Enter(int pieces, double costs, Standing standing, long now)
    {
        Share share = ShareOf(standing, now);
        share.Count += pieces;
        share.Cost += costs;
        Count += pieces;
        Cost += costs;
    }

    public void Leave(int pieces, double costs, ulong partner)
    {
        // Nobody inside has no cost: the sums of many fractions do not come back to nothing by themselves.
        Share share = shares[partner];
        share.Count -= pieces;
        share.Cost = share.Count == 0 ? 0 : share.Cost - costs;
        Count -= pieces;
        Cost = Count == 0 ? 0 : Cost - costs;
    }

    /// <summary>Notes what was answered.</summary>
    public void Answer(double costs, Standing standing, long now)
    {
        Answered += costs;
        ShareOf(standing, now).Answered += costs;
    }

    /// <summary>Lets what was answered count less, and forgets partners of whom nothing is left.</summary>
    /// <param name="kept">The part that still counts.</param>
    /// <param name="ago">The time since a time stamp.</param>
    public void Fade(double kept, Func<long, TimeSpan> ago)
    {
        Answered *= kept;
        foreach ((ulong partner, Share share) in shares)
        {
            share.Answered *= kept;
            if (share.Count == 0 && share.Answered < Nothing && ago(share.Seen) > Lately)
            {
                shares.Remove(partner);
            }
        }
    }

    /// <summary>Cost answered lately to others than one.</summary>
    public double AnsweredToOthers(ulong partner) =>
        shares.Count == 0 ? 0 : shares.Sum(other => other.Key == partner ? 0 : other.Value.Answered);

    /// <summary>Whether others than one have asked lately.</summary>
    public bool HasOthers(ulong partner, Func<long, TimeSpan> ago) => shares.Any(
        other => other.Key != partner && (other.Value.Count > 0 || ago(other.Value.Seen) <= Lately));

    /// <summary>
    /// The cost that goes before the next piece of a partner: its own, and while that is served of each other partner
    /// as much as it has, at most in the ratio of the weights. More comes in meanwhile: its own takes longer by
    /// what others take of the time lately, down to its share.
    /// </summary>
    /// <param name="standing">The partner.</param>
    /// <param name="others">The part of the time that others of the priority took lately.</param>
    public double CostBefore(Standing standing, double others)
    {
        double own = shares.GetValueOrDefault(standing.Partner)?.Cost ?? 0;
        double each = own / standing.Weight;
        double before = own;
        double weights = standing.Weight;
        foreach ((ulong partner, Share other) in shares)
        {
            if (partner != standing.Partner)
            {
                before += Math.Min(other.Cost, each * other.Weight);
                weights += other.Weight;
            }
        }

        return Math.Max(before, own / Math.Max(1 - others, standing.Weight / weights));
    }

    private Share ShareOf(Standing standing, long now)
    {
        if (!shares.TryGetValue(standing.Partner, out Share? share))
        {
            shares.Add(standing.Partner, share = new Share());
        }

        share.Weight = standing.Weight;
        share.Seen = now;
        return share;
    }

    private sealed class Share
    {
        public int Count { get; set; }

        public double Cost { get; set; }

        public double Answered { get; set; }

        public int Weight { get; set; }

        public long Seen { get; set; }
    }
}
