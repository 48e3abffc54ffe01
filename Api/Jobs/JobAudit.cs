using MatchCluster.Api.Http.Failures;
using MatchCluster.Matching.Audit;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Tasks;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Api.Jobs;

/// <summary>
/// The rows of the audit log that a worker writes of a job: one when it begins or goes on with it, one when the job
/// ends. Where uses are not recorded it writes none.
/// </summary>
internal sealed class JobAudit(TimeProvider clock, AuditLog? log = null)
{
    private const string NobodyKnown = "loopback";

    /// <summary>A worker begins with a job, or goes on with it.</summary>
    /// <exception cref="StoreException">The log cannot be written: nothing is done that is not recorded.</exception>
    public Task BegunAsync(string kind, JobCall call, UseDecision decision) =>
        WriteAsync($"job:{kind}:begun", call, decision, null);

    /// <summary>A job is about to end.</summary>
    /// <exception cref="StoreException">The log cannot be written.</exception>
    public Task EndedAsync(string kind, JobCall call, UseDecision decision, JobEnd end) =>
        WriteAsync($"job:{kind}:ended", call, decision, end);

    private async Task WriteAsync(string operation, JobCall call, UseDecision decision, JobEnd? end)
    {
        if (log is null)
        {
            return;
        }

        DateTimeOffset now = clock.GetUtcNow();
        FailureCode? failure = decision.Refusal is { } refusal ? Failure.Of(refusal).Code
            : end?.State == TaskState.Failed ? FailureCode.Refused : null;
        AuditEntry row = new()
        {
            Start = now,
            End = now,
            Caller = call.Partner.Length > 0 ? call.Partner : NobodyKnown,
            Subject = call.Subject.Length > 0 ? call.Subject : null,
            Purpose = decision.Purpose ?? call.Purpose,
            Agreement = decision.Agreement is { } agreement
                ? new AuditAgreement(agreement.Id, agreement.Version) : null,
            Operation = operation,
            Galleries = call.GalleryId.Length > 0 ? [call.GalleryId] : [],
            RefusalCode = (int?)failure,
            Refusal = failure?.ToString(),
        };
        if (await log.AppendAsync([row]) is { } outage)
        {
            throw new StoreException(outage, "the audit log");
        }
    }
}
