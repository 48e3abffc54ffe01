using MatchCluster.Grains.Catalogue;
using Microsoft.Extensions.Logging;

namespace MatchCluster.Grains.Silos;

/// <summary>
/// The catalogue's owners as this member last heard them. Many that ask for them anew at once wait for one call.
/// </summary>
public sealed partial class OwnersView(
    IGrainFactory grains, IClusterMembershipService membership, ILogger<OwnersView> log)
{
    /// <summary>A catalogue that moves needs about a second to be found; placement does without it then.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly Lock gate = new();
    private Heard heard = new(MembershipVersion.MinValue, PartitionOwners.None);
    private Task<PartitionOwners>? asking;

    /// <summary>
    /// The owners as they were last heard, at once; the catalogue may have been on the silo that has just died. Where
    /// the membership has changed since, it is asked for the next time.
    /// </summary>
    public Task<PartitionOwners> CurrentAsync()
    {
        Heard last = Volatile.Read(ref heard);
        if (last.Owners.Version == 0)
        {
            return AskAsync();
        }

        if (last.Membership != membership.CurrentSnapshot.Version)
        {
            _ = AskAsync();
        }

        return Task.FromResult(last.Owners);
    }

    /// <summary>Asks again, whatever is known.</summary>
    public Task<PartitionOwners> AskAsync()
    {
        lock (gate)
        {
            return asking is { IsCompleted: false } ? asking : asking = Task.Run(AskOnceAsync);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The catalogue is out of reach: {Reason}")]
    private static partial void LogUnheard(ILogger log, string reason);

    private async Task<PartitionOwners> AskOnceAsync()
    {
        MembershipVersion version = membership.CurrentSnapshot.Version;
        try
        {
            PartitionOwners owners = await grains.GetGrain<ICatalogueGrain>(ICatalogueGrain.Key)
                .OwnersAsync(version).WaitAsync(Patience);
            Volatile.Write(ref heard, new Heard(version, owners));
            return owners;
        }
        catch (Exception lost)
        {
            // Whatever it is (a silo that died, storage that is away): it is asked again at the next look.
            LogUnheard(log, lost.Message);
            return Volatile.Read(ref heard).Owners;
        }
    }

    private sealed record Heard(MembershipVersion Membership, PartitionOwners Owners);
}
