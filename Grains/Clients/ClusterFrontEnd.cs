using System.Diagnostics;
using MatchCluster.Grains.Catalogue;
using MatchCluster.Matching.Keys;
using MatchCluster.Matching.Scores;
using Microsoft.Extensions.DependencyInjection;

namespace MatchCluster.Grains.Clients;

/// <summary>The cluster as a member without partitions sees it.</summary>
public sealed class ClusterFrontEnd
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly IGrainFactory grains;

    private ClusterFrontEnd(IGrainFactory grains, GrainDirectory directory)
    {
        this.grains = grains;
        Directory = directory;
    }

    public GrainDirectory Directory { get; }

    /// <summary>
    /// The keys that the silos seal records with; null where no silo can say, or they store in the clear.
    /// </summary>
    public async Task<IGalleryKeys?> FindKeysAsync(CancellationToken cancel)
    {
        ClusterKeys keys = new(this, grains);
        try
        {
            return (await keys.ListAsync(cancel)).MasterKeyId is null ? null : keys;
        }
        catch (KeyException)
        {
            return keys;
        }
    }

    /// <summary>Takes part: waits for silos, and is refused where versions or calibrations differ.</summary>
    /// <param name="member">Services of a running silo with <c>AddMatchClusterFrontEnd</c>.</param>
    /// <param name="within">How long silos are waited for.</param>
    /// <param name="progress">Told why there is nothing to connect to yet.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <exception cref="ClusterRefusedException">The cluster will not have it, or nobody is there in time.</exception>
    public static async Task<ClusterFrontEnd> ConnectAsync(
        IServiceProvider member, TimeSpan within, Action<string> progress, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(member);
        ArgumentNullException.ThrowIfNull(progress);
        IGrainFactory grains = member.GetRequiredService<IGrainFactory>();
        ILocalSiloDetails self = member.GetRequiredService<ILocalSiloDetails>();
        MemberCard card = new()
        {
            Name = self.Name,
            Address = self.SiloAddress,
            Calibration = member.GetRequiredService<ScoreCalibration>().Id,
        };
        long began = Stopwatch.GetTimestamp();
        while (true)
        {
            (GrainDirectory? directory, JoinRefusal? refusal) = await TryAsync(grains, card);
            if (directory is not null)
            {
                return new ClusterFrontEnd(grains, directory);
            }

            if (!refusal!.MayRetry || Stopwatch.GetElapsedTime(began) > within)
            {
                throw new ClusterRefusedException(refusal.Reason);
            }

            progress(refusal.Reason);
            await Task.Delay(Pause, cancel);
        }
    }

    /// <summary>Members, owners of the partitions, galleries; null while the catalogue is out of reach.</summary>
    public async Task<CatalogueView?> ReadAsync(CancellationToken cancel) => (await GrainCall.OnceAsync(
        "the catalogue", _ => grains.GetGrain<ICatalogueGrain>(ICatalogueGrain.Key).ReadAsync(),
        GrainPartition.StatusTime, cancel)).Answer;

    private static async Task<(GrainDirectory? Directory, JoinRefusal? Refusal)> TryAsync(
        IGrainFactory grains, MemberCard card)
    {
        try
        {
            ICatalogueGrain catalogue = grains.GetGrain<ICatalogueGrain>(ICatalogueGrain.Key);
            if (await catalogue.JoinAsync(card) is { } refusal)
            {
                return (null, refusal);
            }

            CatalogueView view = await catalogue.ReadAsync();
            return view.Partitions == 0
                ? (null, new JoinRefusal("no silo with partitions has joined yet", MayRetry: true))
                : (new GrainDirectory(grains, view.Partitions, view.Owners), null);
        }
        catch (Exception lost) when (lost is OrleansException or TimeoutException or ArgumentException)
        {
            // An argument is what Orleans finds wrong where no member has said yet that it has such a grain.
            return (null, new JoinRefusal("no silo with partitions is there", MayRetry: true));
        }
    }
}
