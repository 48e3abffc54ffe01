using MatchCluster.Matching.Scan;
using MatchCluster.Matching.Scatter;

namespace MatchCluster.Api.Searching;

/// <summary>What comes in by one place at the gate.</summary>
/// <param name="Searches">Searches; 0 for a call that no search waits for (a verification, an explanation).</param>
/// <param name="Cost">
/// What they will probably cost together; 1 is one sample searched as usual. Only ratios count: how long a unit
/// takes is measured by the gate.
/// </param>
internal readonly record struct SearchLoad(int Searches, double Cost)
{
    /// <summary>Twice what ten fingers and two eyes cost as usual; one exhaustive finger is above it.</summary>
    private const double LargeCost = 24;

    /// <summary>Searches in one with the fingers at every turn.</summary>
    private const int FullRotation = 4;

    /// <summary>Searches with the labels of the eyes swapped, upright and upside down.</summary>
    private const int SwappedEyesAtFullRotation = 2;

    /// <summary>A call that no search waits for.</summary>
    public static SearchLoad Call { get; } = new(0, 1);

    /// <summary>Searches that are no dearer than usual.</summary>
    public static implicit operator SearchLoad(int searches) => new(searches, Math.Max(1, searches));

    /// <summary>
    /// Whether a single one of them is far dearer than searches usually are: it leaves room to those that are not.
    /// </summary>
    public bool IsLarge => Searches > 0 && Cost / Searches > LargeCost;

    /// <summary>What a request will probably cost.</summary>
    public static SearchLoad Of(
        int samples, bool exhaustive, bool swappedHands, Rotation rotation = Rotation.Normal,
        bool swappedEyes = false) => new(
            1,
            Math.Max(1, samples) * (exhaustive ? SearchCost.Exhaustive : 1)
            * ((rotation == Rotation.Full ? FullRotation : 1) + (swappedHands ? 1 : 0)
                + (!swappedEyes ? 0 : rotation == Rotation.Full ? SwappedEyesAtFullRotation : 1)));

    /// <inheritdoc cref="Of(int, bool, bool, Rotation, bool)"/>
    public static SearchLoad Of(IdentifyRequest request) => Of(
        request.Probe.Fingers.Count + request.Probe.Irises.Count, request.Exhaustive, request.SwappedHands,
        request.Rotation, request.SwappedEyes);

    /// <summary>Two that come together.</summary>
    public static SearchLoad operator +(SearchLoad a, SearchLoad b) => new(a.Searches + b.Searches, a.Cost + b.Cost);
}
