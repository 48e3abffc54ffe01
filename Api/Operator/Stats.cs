using MatchCluster.Api.Health;
using MatchCluster.Api.Searching;
using MatchCluster.Matching;
using MatchCluster.Matching.Scan;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Uses;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MatchCluster.Api.Operator;

/// <summary>What the server holds, in memory and on disk, and how busy it is.</summary>
internal static class Stats
{
    public static async Task<Ok<StatsAnswer>> ReadAsync(
        EncounterRoot root, Backend backend, AdmissionGate gate, EngineCalls calls, CancellationToken cancel)
    {
        IReadOnlyList<PartitionStatus> partitions = await root.StatusAsync(cancel);

        // An operator sees what the server holds, whatever is agreed with partners.
        GalleryList galleries = await root.ReadGalleriesAsync(
            SearchBudget.Of(Limits.DefaultDeadline, cancel).For(Use.Internal));
        return TypedResults.Ok(new StatsAnswer
        {
            Engine = EngineVersion.Text,
            Calibration = calls.Calibration.Id,
            State = Readiness.Of(partitions).Sentence,
            Galleries = galleries.Outage is null
                ? [.. galleries.Galleries.Select(entry => new GalleryStats(
                    entry.Gallery, entry.Encounters,
                    EncounterRoot.StateOf(entry.Gallery, partitions)?.Hash.ToString()))]
                : null,
            Identities = partitions.Sum(partition => partition.Identities),
            Encounters = partitions.Sum(partition => partition.Encounters),
            FingerRows = partitions.Sum(partition => partition.FingerRows),
            IrisRows = partitions.Sum(partition => partition.IrisRows),
            RowBytes = partitions.Sum(partition => partition.RowBytes),
            StoreBytes = await backend.StoreBytes(cancel),
            Searches = GateStats.Of(gate),
            Members = backend.Cluster is { } cluster ? await cluster.Members(cancel) : null,
            Partitions = [.. partitions.Select(status => Of(status, backend.Cluster?.SiloOf(status.Partition)))],
        });
    }

    private static PartitionStats Of(PartitionStatus status, string? silo) => new()
    {
        Partition = status.Partition.Number,
        Silo = silo,
        State = status.State.ToString().ToLowerInvariant(),
        Reason = status.Reason,
        Epoch = status.Epoch,
        Loaded = status.Loaded,
        ToLoad = status.ToLoad,
        Unreadable = status.Unreadable,
        Identities = status.Identities,
        Encounters = status.Encounters,
        FingerRows = status.FingerRows,
        IrisRows = status.IrisRows,
        DeadEncounters = status.DeadEncounters,
        Segments = status.Segments,
        RowBytes = status.RowBytes,
        QueuedBatches = status.QueuedBatches,
    };
}

internal sealed record StatsAnswer
{
    public required string Engine { get; init; }

    /// <summary>What fingers are scored by.</summary>
    public required string Calibration { get; init; }

    public required string State { get; init; }

    /// <summary>Absent while a partition cannot say which it holds.</summary>
    public IReadOnlyList<GalleryStats>? Galleries { get; init; }

    public required long Identities { get; init; }

    public required long Encounters { get; init; }

    public required long FingerRows { get; init; }

    public required long IrisRows { get; init; }

    /// <summary>Bytes of row memory.</summary>
    public required long RowBytes { get; init; }

    /// <summary>Bytes on disk.</summary>
    public required long StoreBytes { get; init; }

    public required GateStats Searches { get; init; }

    /// <summary>Members of the cluster; absent where there is none, or nobody can say.</summary>
    public IReadOnlyList<MemberStats>? Members { get; init; }

    public required IReadOnlyList<PartitionStats> Partitions { get; init; }
}

/// <param name="Gallery">Its name.</param>
/// <param name="Encounters">Live encounters that name it.</param>
/// <param name="State">The state hash; absent while a partition cannot say.</param>
internal sealed record GalleryStats(string Gallery, long Encounters, string? State);

/// <param name="Inside">Searches running or waiting.</param>
/// <param name="Places">How many are let in.</param>
/// <param name="ExpectedMs">How long those inside will probably take.</param>
/// <param name="ByPriority">Searches inside of priority 0..9; each probe of a batch counted.</param>
internal sealed record GateStats(int Inside, int Places, double ExpectedMs, IReadOnlyList<int> ByPriority)
{
    public static GateStats Of(AdmissionGate gate) =>
        new(gate.Inside, gate.Places, Math.Round(gate.Expected.TotalMilliseconds, 1), gate.ByPriority);
}

internal sealed record PartitionStats
{
    public required int Partition { get; init; }

    /// <summary>Name of the silo that it was last found on; only in a cluster.</summary>
    public string? Silo { get; init; }

    public required string State { get; init; }

    public string? Reason { get; init; }

    public required long Epoch { get; init; }

    public required long Loaded { get; init; }

    public required long ToLoad { get; init; }

    public required long Unreadable { get; init; }

    public required long Identities { get; init; }

    public required long Encounters { get; init; }

    public required long FingerRows { get; init; }

    public required long IrisRows { get; init; }

    public required long DeadEncounters { get; init; }

    public required int Segments { get; init; }

    public required long RowBytes { get; init; }

    public required int QueuedBatches { get; init; }
}
