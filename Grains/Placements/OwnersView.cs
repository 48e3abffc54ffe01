using System.Diagnostics;
using MatchCluster.Grains.Catalogue;
using Microsoft.Extensions.Logging;

namespace MatchCluster.Grains.Placements;

/// <summary>
/// The catalogue's owners as this member last heard them. Callers that ask for newer ones at the same time
/// share one call.
/// </summary>
public sealed partial class OwnersView(
    IGrainFactory grains, IClusterMembershipService membership, ILogger<OwnersView> log)
{
    /// <summary>A catalogue that moves needs about a second to be found; placement does without it then.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly Lock gate = new();
    private Heard heard = new(MembershipVersion.MinValue, PartitionOwners.None);
    private Task<PartitionOwners>? asking;

    /// <summary>A moved catalogue is there within about a second; a placement waits no longer.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The owners as they were last heard. Where the membership has changed since, the catalogue is asked first and
    /// waited for a moment: it may have been on the silo that has just died.
    /// </summary>
    public async Task<PartitionOwners> CurrentAsync()
    {
        Heard last = Volatile.Read(ref heard);
        if (last.Owners.Version == 0)
        {
            return await AskAsync();
        }

        if (last.Membership != membership.CurrentSnapshot.Version)
        {
            Task<PartitionOwners> asked = AskAsync();
            return await Task.WhenAny(asked, Task.Delay(Fresh)) == asked ? await asked : last.Owners;
        }

        return last.Owners;
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
        // Many wait for it: it is in nobody's trace.
        Activity.Current = null;
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
