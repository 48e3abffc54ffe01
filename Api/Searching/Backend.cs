using MatchCluster.Matching.Audit;
using MatchCluster.Matching.Cases;
using MatchCluster.Matching.Feeds;
using MatchCluster.Matching.Governance;
using MatchCluster.Matching.Keys;
using MatchCluster.Matching.Packs;
using MatchCluster.Matching.Quotas;
using MatchCluster.Matching.Scan;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Tasks;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Api.Searching;

/// <summary>What the front end serves: partitions of this process or of a cluster.</summary>
/// <param name="Directory">The partitions.</param>
/// <param name="StoreBytes">Bytes on disk.</param>
/// <param name="SearchesAtOnce">Searches at the engine below which another may go.</param>
/// <param name="Cluster">The cluster, where there is one.</param>
/// <param name="Calls">Threads for work of no partition; null where the front end needs threads of its own.</param>
/// <param name="Calibration">What the partitions score by; null takes the committed curves.</param>
/// <param name="Agreements">What partners may do; null lets every caller do what its scopes allow.</param>
/// <param name="Quotas">Where uses under agreements are counted; null forgets them with the process.</param>
/// <param name="Keys">Keys that stored records are sealed with; null where they are stored in the clear.</param>
/// <param name="Reseal">Begins to seal again what older keys sealed; null where each silo does it by itself.</param>
/// <param name="Ids">Makes the ids that partners see; null makes none.</param>
/// <param name="Tasks">Where work is kept that is handed over; null takes none.</param>
/// <param name="Cases">Where people decide about candidates; null where no agreements are kept.</param>
/// <param name="Feed">Change logs of the galleries; null where none are kept.</param>
/// <param name="Packs">What packs are made with; null where none are made.</param>
/// <param name="Copy">The pack that the gallery was made of; null where it is no copy.</param>
/// <param name="Pictures">Which galleries keep pictures; null for none.</param>
/// <param name="Turns">The order of enrolments into galleries; null where this process serves them alone.</param>
/// <param name="Policy">What decides where there are no agreements; null allows everything.</param>
/// <param name="Erasures">What silos are about to erase; null where this process erases itself.</param>
internal sealed record Backend(
    IPartitionDirectory Directory, Func<CancellationToken, ValueTask<long>> StoreBytes, int SearchesAtOnce,
    ClusterView? Cluster = null, EngineCalls? Calls = null, ScoreCalibration? Calibration = null,
    Agreements? Agreements = null, IQuotaStore? Quotas = null, IGalleryKeys? Keys = null, Action? Reseal = null,
    PartnerIds? Ids = null, CaseBook? Cases = null, ITaskStore? Tasks = null, ChangeFeed? Feed = null,
    PackDesk? Packs = null, GalleryCopy? Copy = null, IPicturePolicy? Pictures = null,
    IGalleryTurns? Turns = null, IErasureOutbox? Erasures = null, IUsePolicy? Policy = null)
{
    /// <summary>
    /// Searches at the engine of a cluster: while some wait for the slowest silo, others keep the rest busy.
    /// More would wait in the silos' queues, which know no priority.
    /// </summary>
    public const int AtOnceInCluster = 16;

    /// <summary>
    /// Searches at the engine of one process: two for each that the threads can take, so that no thread waits
    /// for a gather; four at least.
    /// </summary>
    public static int AtOnceFor(int threads, int partitions) =>
        Math.Max(4, 2 * ((threads + partitions - 1) / partitions));
}

/// <summary>A cluster as an operator sees it.</summary>
/// <param name="SiloOf">Name of the silo that a partition was last found on.</param>
/// <param name="Members">Everybody who takes part; null while nobody can say.</param>
internal sealed record ClusterView(
    Func<PartitionId, string?> SiloOf, Func<CancellationToken, Task<IReadOnlyList<MemberStats>?>> Members);

/// <param name="Name">The member's name, equal at every start.</param>
/// <param name="Address">Where other members reach it.</param>
/// <param name="HostsPartitions">False for a front end.</param>
internal sealed record MemberStats(string Name, string Address, bool HostsPartitions);
