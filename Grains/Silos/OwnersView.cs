using MatchCluster.Grains.Catalogue;
using Microsoft.Extensions.Logging;

namespace MatchCluster.Grains.Silos;

/// <summary>
/// The catalogue's owners as this member last heard them. They are asked for again when the membership has changed;
/// many that ask at once wait for one call.
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
    /// The owners for the membership as it is; the last ones heard where the catalogue is out of reach.
    /// </summary>
    public Task<PartitionOwners> CurrentAsync()
    {
        Heard last = Volatile.Read(ref heard);
        return last.Membership == membership.CurrentSnapshot.Version && last.Owners.Version > 0
            ? Task.FromResult(last.Owners)
            : AskAsync();
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
