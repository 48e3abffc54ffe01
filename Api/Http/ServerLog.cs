using MatchCluster.Matching.Starting;

namespace MatchCluster.Api.Http;

/// <summary>Every line the server logs. No ids of persons, no templates, no bodies.</summary>
internal static partial class ServerLog
{
    private static readonly Func<ILogger, string, IDisposable?> Partner =
        LoggerMessage.DefineScope<string>("partner {Partner}");

    /// <summary>What is logged for a call of a partner.</summary>
    public static IDisposable? BeginPartner(this ILogger log, string partner) => Partner(log, partner);

    [LoggerMessage(1, LogLevel.Information, "listening on {Urls}, {Partitions} partitions, data in {Data}")]
    public static partial void Listening(this ILogger log, string urls, int partitions, string data);

    [LoggerMessage(2, LogLevel.Information, "loading {Loaded} of {ToLoad} encounters")]
    public static partial void Loading(this ILogger log, long loaded, long toLoad);

    [LoggerMessage(3, LogLevel.Information,
        "ready: {Encounters} encounters of {Identities} identities in {Seconds:F1} s")]
    public static partial void Ready(this ILogger log, long encounters, long identities, double seconds);

    [LoggerMessage(4, LogLevel.Error, "partition {Partition} failed: {Reason}")]
    public static partial void PartitionFailed(this ILogger log, int partition, string reason);

    [LoggerMessage(5, LogLevel.Warning, "{Unreadable} stored encounters cannot be read and are not searched")]
    public static partial void Unreadable(this ILogger log, long unreadable);

    [LoggerMessage(6, LogLevel.Error, "unexpected error in request {TraceId}: {Kind} {Place}")]
    public static partial void Unexpected(this ILogger log, string traceId, string kind, string place);

    [LoggerMessage(7, LogLevel.Information, "stopped")]
    public static partial void Stopped(this ILogger log);

    [LoggerMessage(8, LogLevel.Error, "partition {Partition} stopped: {Reason}")]
    public static partial void PartitionStopped(this ILogger log, Exception? cause, int partition, string reason);

    [LoggerMessage(9, LogLevel.Warning, "not ready: {Failed} of {Partitions} partitions failed")]
    public static partial void NotReady(this ILogger log, int failed, int partitions);

    [LoggerMessage(10, LogLevel.Information, "partition {Partition} is back with {Encounters} encounters")]
    public static partial void PartitionBack(this ILogger log, int partition, long encounters);

    [LoggerMessage(11, LogLevel.Error, "the partitions could not be looked at; it is tried again")]
    public static partial void LookFailed(this ILogger log, Exception failed);

    [LoggerMessage(12, LogLevel.Error, "an answer broke off in request {TraceId}: {Kind} {Place}")]
    public static partial void StreamBroke(this ILogger log, string traceId, string kind, string place);

    [LoggerMessage(13, LogLevel.Error, "unexpected error in a line of request {TraceId}: {Kind} {Place}")]
    public static partial void LineFailed(this ILogger log, string traceId, string kind, string place);

    [LoggerMessage(14, LogLevel.Error, "the audit log cannot be written, and nothing is answered: {Reason}")]
    public static partial void AuditFailed(this ILogger log, string reason);

    [LoggerMessage(15, LogLevel.Information, "uses are recorded in Redis before they are answered: {Durability}")]
    public static partial void AuditIsDurable(this ILogger log, string durability);

    [LoggerMessage(16, LogLevel.Warning,
        "uses are recorded in Redis before they are answered, and the last rows may be lost: {Durability}")]
    public static partial void AuditMayBeLost(this ILogger log, string durability);

    [LoggerMessage(17, LogLevel.Error,
        "the audit log's checkpoints cannot be signed, rows go on being written: {Reason}")]
    public static partial void CheckpointFailed(this ILogger log, string reason);

    [LoggerMessage(18, LogLevel.Information, "the audit log's checkpoints are signed again")]
    public static partial void CheckpointsAreBack(this ILogger log);

    [LoggerMessage(19, LogLevel.Information, "deleted {Count} probes of cases whose time has ended")]
    public static partial void CasesPurged(this ILogger log, int count);

    [LoggerMessage(20, LogLevel.Error, "probes of cases whose time has ended cannot be deleted: {Reason}")]
    public static partial void CasesNotPurged(this ILogger log, string reason);

    [LoggerMessage(31, LogLevel.Information,
        "no credentials are configured: nobody is asked who calls, and only programs of this machine can call")]
    public static partial void NobodyIsChecked(this ILogger log);

    [LoggerMessage(32, LogLevel.Information, "callers are checked by {Means}")]
    public static partial void CallersAreChecked(this ILogger log, string means);

    [LoggerMessage(33, LogLevel.Error, "the change is not taken, what was read before holds: {Reason}")]
    public static partial void AccessFileRefused(this ILogger log, string reason);

    [LoggerMessage(34, LogLevel.Information,
        "samples are stored in the clear: no master key is given (--master-key)")]
    public static partial void StoresInTheClear(this ILogger log);

    [LoggerMessage(35, LogLevel.Information, "samples are stored encrypted under master key {MasterKey}")]
    public static partial void StoresEncrypted(this ILogger log, string masterKey);

    [LoggerMessage(36, LogLevel.Information,
        "{Resealed} of {Records} stored records were encrypted with the keys of today, {Unreadable} cannot be read")]
    public static partial void Resealed(this ILogger log, long resealed, long records, long unreadable);

    [LoggerMessage(38, LogLevel.Information, "{Count} probes of cases were encrypted with the keys of today")]
    public static partial void ProbesRenewed(this ILogger log, int count);

    [LoggerMessage(39, LogLevel.Warning,
        "no probe of a case is kept: the cluster is encrypted and this front end has no master key (--master-key)")]
    public static partial void KeepsNoProbes(this ILogger log);

    [LoggerMessage(37, LogLevel.Error,
        "stored records were not all encrypted with the keys of today; the next start or 'keys encrypt' goes on")]
    public static partial void ResealFailed(this ILogger log, Exception failed);

    [LoggerMessage(40, LogLevel.Warning, "tasks cannot be read or written now: {Reason}")]
    public static partial void TasksUnreachable(this ILogger log, string reason);

    [LoggerMessage(41, LogLevel.Warning, "the result of task {Task} is sent no more until it is redelivered: {Reason}")]
    public static partial void ResultIsDead(this ILogger log, string task, string reason);

    [LoggerMessage(42, LogLevel.Error, "task {Task} broke off and is tried again: {Error}\n{Trace}")]
    public static partial void TaskBroke(this ILogger log, string task, string error, string trace);

    [LoggerMessage(43, LogLevel.Warning, "subscriptions cannot be read or compared with now: {Reason}")]
    public static partial void SubscriptionsUnreachable(this ILogger log, string reason);

    [LoggerMessage(44, LogLevel.Error,
        "a comparison with subscriptions broke off and is tried again: {Error}\n{Trace}")]
    public static partial void SubscriptionsBroke(this ILogger log, string error, string trace);

    [LoggerMessage(45, LogLevel.Warning,
        "a watched gallery's changes were looked at up to {Position}, its log goes on from {From}: owners are told")]
    public static partial void ChangesMissed(this ILogger log, long position, long from);

    [LoggerMessage(47, LogLevel.Error, "a store could not be used in request {TraceId}: {Reason}")]
    public static partial void StoreFailed(this ILogger log, string traceId, string reason);

    [LoggerMessage(46, LogLevel.Warning, "what silos erased is not all in the audit log yet: {Reason}")]
    public static partial void ErasuresWait(this ILogger log, string reason);

    [LoggerMessage(48, LogLevel.Error, "a pack cannot be written among the temporary files")]
    public static partial void PackNotWritten(this ILogger log, Exception failed);

    [LoggerMessage(51, LogLevel.Warning, "who brought an encounter that was refused stays noted: {Reason}")]
    public static partial void NotesStay(this ILogger log, string reason);

    [LoggerMessage(50, LogLevel.Information, "deletions give no receipts: no key is given (--receipt-key)")]
    public static partial void GivesNoReceipts(this ILogger log);

    [LoggerMessage(49, LogLevel.Information,
        "{Searches} searches whose answers are known were answered rightly in {Seconds:F1} s")]
    private static partial void SelfSearched(this ILogger log, int searches, double seconds);

    /// <param name="log">The log.</param>
    /// <param name="report">What the self-search did; null where none was made.</param>
    public static void HasSearchedItself(this ILogger log, SelfSearchReport? report)
    {
        if (report is not null)
        {
            log.SelfSearched(report.Searches, report.Elapsed.TotalSeconds);
        }
    }
}
