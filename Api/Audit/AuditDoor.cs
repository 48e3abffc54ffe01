using MatchCluster.Api.Http;
using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Matching.Audit;
using MatchCluster.Matching.Model;
using Microsoft.AspNetCore.Http.Features;

namespace MatchCluster.Api.Audit;

/// <summary>
/// The one place where uses become rows. It stands round everything that answers: a door need not know of it, and
/// whatever is answered, a refusal too, passes the <see cref="AuditGate"/> first. Doors only add to the notes.
/// </summary>
internal sealed class AuditDoor(RequestDelegate next, AuditLog log, TimeProvider clock, ILogger<AuditDoor> logger)
{
    /// <summary>Who calls where the server knows no callers: it listens on loopback addresses only.</summary>
    private const string NobodyKnown = "loopback";

    /// <summary>Who calls where callers are checked and this one was not, or not yet.</summary>
    private const string NobodyChecked = "unchecked";

    /// <summary>What was called where no door was found, or none was looked for yet.</summary>
    private const string NoOperation = "unrouted";

    private static readonly string[] PersonNames = ["personId", "personIdTarget", "personIdSource", "person"];

    public async Task InvokeAsync(HttpContext http)
    {
        IHttpResponseBodyFeature ungated = http.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        Call call = new(http, log, clock, logger);
        http.Features.Set(call.Notes);
        http.Features.Set<IUseNotes>(call.Notes);
        http.Response.Body = new AuditGate(ungated.Stream, call.RecordAsync);
        try
        {
            await next(http);

            // An answer without a body passes no gate.
            await call.RecordAsync();
            if (http.Response.BodyWriter.UnflushedBytes > 0)
            {
                await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
            }
        }
        catch (Exception) when (call.Failed is not null && !http.Response.HasStarted)
        {
            // What the gate holds back is dropped with it.
            http.Features.Set(ungated);
            http.Response.Clear();
            await HttpAnswers.WriteAsync(http, call.Failed);
        }
        catch (Exception) when (call.Failed is null)
        {
            // A use without an answer is a use.
            await call.RecordAsync();
            throw;
        }
    }

    /// <summary>
    /// Once the endpoint is known: refuses what may not be done unrecorded, before it is done, and an unknown purpose.
    /// </summary>
    public static async Task AdmitAsync(HttpContext http, RequestDelegate next)
    {
        if (http.GetEndpoint() is not RouteEndpoint || !IsRecorded(http))
        {
            await next(http);
            return;
        }

        if (Purpose.Check(http.Request) is { } unknown)
        {
            await HttpAnswers.WriteAsync(http, unknown);
            return;
        }

        AuditLog log = http.RequestServices.GetRequiredService<AuditLog>();
        if (await log.CheckAsync() is { } outage)
        {
            throw new FailureException(FailureOf(outage));
        }

        await next(http);
    }

    /// <summary>
    /// An endpoint without a rule is recorded. A call that came to no door is no use of one; with credentials it is
    /// recorded all the same: somebody whose credentials they are may ask about it.
    /// </summary>
    private static bool IsRecorded(HttpContext http) =>
        http.GetEndpoint() is RouteEndpoint endpoint
            ? endpoint.Metadata.GetMetadata<AuditRule>() is not { IsRecorded: false }
            : http.Request.Headers.Authorization.Count > 0 || http.Connection.ClientCertificate is not null;

    private static Failure FailureOf(Outage outage) => new(
        FailureCode.AuditUnavailable,
        $"the audit log cannot be written, and nothing is answered that is not recorded: {outage.Reason}",
        TimeSpan.FromSeconds(1));

    /// <summary>One call from its first byte to its last.</summary>
    private sealed class Call(HttpContext http, AuditLog log, TimeProvider clock, ILogger logger)
    {
        private bool isRecorded;
        private bool isRouteNoted;

        public AuditNotes Notes { get; } = new(log.Keys, clock);

        /// <summary>Why nothing more of the answer leaves; null where all is well.</summary>
        public Failure? Failed { get; private set; }

        /// <summary>Writes what has no row yet: the call, or the lines that were noted since the last time.</summary>
        /// <exception cref="FailureException">The log cannot be written.</exception>
        public async Task RecordAsync()
        {
            if (Failed is not null)
            {
                throw new FailureException(Failed);
            }

            if (!IsRecorded(http))
            {
                return;
            }

            AuditEntry call = Describe();
            List<AuditEntry> rows = Notes.TakeLines(call);
            if (rows.Count == 0 && !isRecorded && !Notes.HasLines)
            {
                rows.Add(Notes.Whole(call));
            }

            if (rows.Count == 0)
            {
                return;
            }

            isRecorded = true;
            if (await log.AppendAsync(rows) is { } outage)
            {
                Failed = FailureOf(outage);
                logger.AuditFailed(outage.Reason);
                throw new FailureException(Failed);
            }
        }

        private AuditEntry Describe()
        {
            NoteRoute();
            Failure? refused = http.Features.Get<Failure>();
            return new AuditEntry
            {
                Start = Notes.Started,
                End = Notes.Now(),
                Caller = http.Caller() is { Partner.Length: > 0 } known ? known.Partner
                    : http.RequestServices.GetRequiredService<AccessSettings>().IsConfigured ? NobodyChecked
                    : NobodyKnown,
                Subject = http.Caller() is { Subject.Length: > 0 } who ? who.Subject : null,
                Purpose = Purpose.Of(http.Request),
                Operation = OperationOf(http),
                Status = http.RequestAborted.IsCancellationRequested ? null : http.Response.StatusCode,
                RefusalCode = (int?)refused?.Code,
                Refusal = refused?.Code.ToString(),
            };
        }

        private void NoteRoute()
        {
            if (isRouteNoted)
            {
                return;
            }

            isRouteNoted = true;
            Notes.Gallery(http.Request.RouteValues["galleryId"] as string);
            foreach (string name in PersonNames)
            {
                string? person = http.Request.RouteValues[name] as string ?? http.Request.Query[name].FirstOrDefault();
                if (!string.IsNullOrEmpty(person))
                {
                    Notes.Person(person);
                }
            }
        }

        private static string OperationOf(HttpContext http) =>
            http.GetEndpoint() is not RouteEndpoint endpoint ? NoOperation
            : endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName
                ?? $"{http.Request.Method} {endpoint.RoutePattern.RawText}";
    }
}
