using Orleans.Concurrency;

namespace MatchCluster.Grains.Contracts;

/// <summary>
/// One silo, keyed by its name: what concerns all of its partitions in one message instead of one per partition, and
/// the taking over of a partition. Every call interleaves.
/// </summary>
[Alias("matchcluster.silo")]
public interface ISiloGrain : IGrainWithStringKey
{
    /// <summary>Searches those of the named partitions that are here.</summary>
    /// <exception cref="CallRejectedException">The batch is no frame of this version.</exception>
    [AlwaysInterleave]
    [Alias("search")]
    Task<SiloAnswers> SearchAsync(SiloSearch search, CancellationToken cancel);

    /// <summary>
    /// Answers at once, whatever the silo is busy with: a caller that gets no answer here waits for a silent
    /// silo.
    /// </summary>
    [AlwaysInterleave]
    [Alias("ping")]
    Task PingAsync();

    /// <summary>Status of every partition that is here.</summary>
    [AlwaysInterleave]
    [Alias("status")]
    Task<SiloAnswers> StatusAsync(CancellationToken cancel);

    /// <summary>
    /// Begins to load a partition that another silo owns and will hand over, or says how far it is. Returns at once.
    /// </summary>
    /// <param name="partition">Number of the partition.</param>
    /// <param name="from">
    /// A frame that marks how far the owner's changes were when it asked; the load begins afterwards. A load for
    /// another mark is begun again.
    /// </param>
    [AlwaysInterleave]
    [Alias("warm")]
    Task<WarmState> WarmAsync(int partition, PartitionFrame from);

    /// <summary>Reads again what the owner changed meanwhile.</summary>
    /// <param name="partition">Number of the partition.</param>
    /// <param name="changes">A frame of what changed since the mark or the last call.</param>
    /// <param name="cancel">Ends it early.</param>
    [AlwaysInterleave]
    [Alias("catch-up")]
    Task<WarmState> CatchUpAsync(int partition, PartitionFrame changes, CancellationToken cancel);

    /// <summary>Does something with the keys of the galleries, which all silos share.</summary>
    [AlwaysInterleave]
    [Alias("keys")]
    Task<KeyReply> ChangeKeysAsync(KeyRequest request, CancellationToken cancel);

    /// <summary>Forgets a partition that will not be handed over.</summary>
    [AlwaysInterleave]
    [Alias("cool")]
    Task CoolAsync(int partition);
}

/// <summary>A search batch for several partitions of one silo.</summary>
/// <param name="batch">Frame of the searches.</param>
/// <param name="partitions">Numbers of the partitions.</param>
/// <param name="budgetMilliseconds">Time the caller has left; clocks of two machines are never compared.</param>
[GenerateSerializer]
[Immutable]
[Alias("matchcluster.silo-search")]
public sealed class SiloSearch(byte[] batch, int[] partitions, long budgetMilliseconds)
{
    [Id(0)]
    public byte[] Batch { get; } = batch;

    [Id(1)]
    public int[] Partitions { get; } = partitions;

    [Id(2)]
    public long BudgetMilliseconds { get; } = budgetMilliseconds;
}

/// <summary>Answers of the partitions of one silo. A partition that is not there has none.</summary>
/// <param name="frames">One frame per partition that answered; each names its partition.</param>
/// <param name="hosted">Numbers of every partition that is there.</param>
[GenerateSerializer]
[Immutable]
[Alias("matchcluster.silo-answers")]
public sealed class SiloAnswers(byte[][] frames, int[] hosted)
{
    [Id(0)]
    public byte[][] Frames { get; } = frames;

    [Id(1)]
    public int[] Hosted { get; } = hosted;
}

/// <summary>How far a partition is that is loaded without being owned.</summary>
/// <param name="IsReady">Whether it is loaded; it then lacks only what changed since.</param>
/// <param name="Failure">Why it cannot be loaded, or null.</param>
/// <param name="Loaded">Encounters loaded.</param>
/// <param name="ToLoad">Encounters the store holds.</param>
[GenerateSerializer]
[Immutable]
[Alias("matchcluster.warm-state")]
public readonly record struct WarmState(
    [property: Id(0)] bool IsReady, [property: Id(1)] string? Failure,
    [property: Id(2)] long Loaded, [property: Id(3)] long ToLoad);
