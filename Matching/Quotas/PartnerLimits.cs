using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Quotas;

/// <summary>How much of the server a partner may have.</summary>
public sealed record PartnerLimits
{
    /// <summary>Searches that may come at once where no number is said, in seconds of the rate.</summary>
    private const double DefaultBurstSeconds = 2;

    /// <summary>For whom nothing is agreed: as much as there is, shared equally.</summary>
    public static PartnerLimits None { get; } = new() { Account = "" };

    /// <summary>Whose uses are counted together: a partner, or all for whom nothing is agreed.</summary>
    public required string Account { get; init; }

    /// <summary>
    /// Parts of the engine's time beside partners who ask at the same priority, 1..<see cref="Standing.MostWeight"/>.
    /// </summary>
    public int Weight { get; init; } = 1;

    /// <summary>Uses a second in the long run; null for any number.</summary>
    public double? RatePerSecond { get; init; }

    /// <summary>Uses that may come at once after a quiet time; null for two seconds of the rate.</summary>
    public double? Burst { get; init; }

    /// <summary>Uses in a day of UTC; null for any number.</summary>
    public long? QuotaPerDay { get; init; }

    /// <summary>Uses that may come at once, one at least.</summary>
    public double BurstOrDefault => Math.Max(1, Burst ?? (RatePerSecond ?? 0) * DefaultBurstSeconds);
}

/// <summary>Who knows what partners may have.</summary>
public interface IPartnerLimits
{
    /// <summary>The limits that hold for a partner now.</summary>
    /// <param name="partner">Its name; empty where callers are not told apart.</param>
    PartnerLimits For(string partner);
}

/// <summary>Nothing is agreed with anybody: each partner has an equal share, and no quota.</summary>
public sealed class EqualShares : IPartnerLimits
{
    /// <inheritdoc/>
    public PartnerLimits For(string partner) => PartnerLimits.None with { Account = partner };
}
