using MatchCluster.Api.Deliveries;
using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Http.Images;
using MatchCluster.Api.Osia.Protection;
using MatchCluster.Api.Tasks;
using MatchCluster.Matching.Audit;
using MatchCluster.Matching.Cases;
using MatchCluster.Matching.Keys;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Starting;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Api.Options;

/// <summary>What the command line says, as values.</summary>
internal sealed record ServerOptions
{
    public const string DefaultUrls = "http://127.0.0.1:5080";

    public const string DefaultData = "matchcluster-data";

    public const int DefaultDemoPeople = 2000;

    /// <summary>Directory of the gallery; made where it does not exist.</summary>
    public string Data { get; init; } = DefaultData;

    /// <summary>Addresses to listen on, separated by semicolons; port 0 takes a free one.</summary>
    public string Urls { get; init; } = DefaultUrls;

    /// <summary>Names of this server beside the loopback ones, as callers may say them in Host.</summary>
    public HostNames Hosts { get; init; } = HostNames.None;

    /// <summary>Who may call, and how far the server may be reached from.</summary>
    public AccessSettings Access { get; init; } = AccessSettings.None;

    /// <summary>What data inside of messages is protected with; null refuses protected data.</summary>
    public PayloadSettings? Payload { get; init; }

    /// <summary>
    /// Partitions of a new gallery; null takes what the gallery was made with, or one per core.
    /// </summary>
    public int? Partitions { get; init; }

    /// <summary>Threads that scan; 0 takes one per core.</summary>
    public int Threads { get; init; }

    /// <summary>
    /// Settings of the cluster this front end is a member of, by name; null serves a gallery of its own.
    /// </summary>
    public IReadOnlyDictionary<string, string?>? Cluster { get; init; }

    /// <summary>
    /// Searches whose answers are known, before the server listens; null makes none, as in tests, where a process has
    /// many servers.
    /// </summary>
    public Func<CancellationToken, Task<SelfSearchReport>>? SelfSearch { get; init; }

    /// <summary>Bytes that the gallery may take in memory; 0 takes three quarters of what there is.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>How many searches are let in.</summary>
    public Admission Admission { get; init; } = Admission.Default;

    /// <summary>What is done with pictures.</summary>
    public ImageSettings Images { get; init; } = ImageSettings.Default;

    /// <summary>What fingers are scored by; of a cluster's front end its settings say it.</summary>
    public ScoreCalibration Calibration { get; init; } = ScoreCalibration.Default;

    /// <summary>Where results of calls with a callback may be sent.</summary>
    public CallbackSettings Callbacks { get; init; } = CallbackSettings.None;

    /// <summary>The service levels that calls may name.</summary>
    public ServiceLevels ServiceLevels { get; init; } = ServiceLevels.Default;

    /// <summary>How tasks are worked at.</summary>
    public TaskSettings Tasks { get; init; } = TaskSettings.Default;

    /// <summary>Where the master key comes from; null stores in the clear.</summary>
    public MasterKeySource? MasterKey { get; init; }

    /// <summary>Galleries that keep pictures, where no agreements say which do.</summary>
    public IReadOnlyList<string> KeepPictures { get; init; } = [];

    /// <summary>
    /// How much is kept of items that nothing here compares, where no agreements say it; null keeps none.
    /// </summary>
    public OpaqueLimits? KeepOpaque { get; init; }

    /// <summary>How uses are recorded; null where they are not.</summary>
    public AuditSettings? Audit { get; init; }

    /// <summary>
    /// Whether callers may only do what an agreement allows; null where nobody said, which is refused where agreements
    /// are kept already.
    /// </summary>
    public bool? KeepsAgreements { get; init; }

    /// <summary>
    /// File with the secret that ids for partners are made with; null takes one of the data directory.
    /// </summary>
    public string? ReferenceKey { get; init; }

    /// <summary>
    /// File with the private key of receipts of deletions; null takes one of the data directory, where there is one.
    /// </summary>
    public string? ReceiptKey { get; init; }

    /// <summary>Days that people may decide about a case, and that its probe is kept.</summary>
    public int CaseDays { get; init; } = CaseSettings.DefaultDays;

    /// <summary>
    /// File with the private key that packs are signed with; null takes one of the data directory, where there is one.
    /// </summary>
    public string? PackKey { get; init; }

    /// <summary>Changes that the log of each gallery keeps; 0 keeps no logs.</summary>
    public int ChangesKept { get; init; }

    /// <summary>Synthetic people of the demo; null runs no demo.</summary>
    public int? DemoPeople { get; init; }

    /// <summary>The one modality of the demo's people; null gives them every one.</summary>
    public Modality? DemoModality { get; init; }
}
