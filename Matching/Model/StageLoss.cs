namespace MatchCluster.Matching.Model;

/// <summary>
/// The share of mated identities, of those that an exhaustive search finds, that the stages before full scoring lose.
/// </summary>
/// <param name="Expected">The best estimate, 0..1.</param>
/// <param name="AtMost">Upper bound with 95 % confidence, 0..1.</param>
public readonly record struct StageLoss(double Expected, double AtMost)
{
    /// <summary>Nobody is lost.</summary>
    public static StageLoss None { get; }

    /// <summary>The loss where only a share of the identities passes these stages.</summary>
    public StageLoss Of(double share) => new(Expected * share, AtMost * share);

    /// <summary>The loss of two parts of a gallery, in which a mated identity lies as likely as any other.</summary>
    public static StageLoss Join(StageLoss a, long sizeOfA, StageLoss b, long sizeOfB)
    {
        double all = Math.Max(1, (double)sizeOfA + sizeOfB);
        return new(
            ((a.Expected * sizeOfA) + (b.Expected * sizeOfB)) / all,
            ((a.AtMost * sizeOfA) + (b.AtMost * sizeOfB)) / all);
    }

    /// <summary>The loss of two modalities: whoever is lost by one may be found by the other.</summary>
    public static StageLoss Highest(StageLoss a, StageLoss b) =>
        new(Math.Max(a.Expected, b.Expected), Math.Max(a.AtMost, b.AtMost));
}
