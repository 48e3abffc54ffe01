using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Matching.Governance;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Api.Http.Callers;

/// <summary>
/// Asks the agreements about a search before its body is read: what is not allowed for reasons that the head of the
/// call tells waits in no queue and decodes no picture. The roots ask again, with what the body tells, and their answer
/// counts. What is found here too is how urgent a call may be that states no priority.
/// </summary>
internal static class EarlyDecision
{
    private static readonly Dictionary<string, Operation> Operations = new(StringComparer.Ordinal)
    {
        [Scopes.Identify] = Operation.Identify,
        [Scopes.BatchIdentify] = Operation.Identify,
        [Scopes.Verify] = Operation.Verify,
        [Scopes.Explain] = Operation.Explain,
    };

    /// <summary>What the head of a call tells of a search; null of other calls.</summary>
    public static UseRequest? RequestOf(HttpContext http) =>
        ScopeOf(http) is not { } scope || !Operations.TryGetValue(scope, out Operation operation) ? null
        : http.Request.RouteValues["galleryId"] is string gallery ? UseRequest.Of(operation, gallery)
        : UseRequest.Of(Operation.Compare);

    public static async Task AskAsync(HttpContext http, RequestDelegate next)
    {
        if (http.RequestServices.GetService<Agreements>() is not { } agreements
            || RequestOf(http) is not { } request)
        {
            await next(http);
            return;
        }

        UseDecision decision = await agreements.DecideAsync(http.Use(), request, http.RequestAborted);

        // The lines of a stream are decided one by one: an agreement may end while they come.
        if (decision.Refusal is { } refusal && ScopeOf(http) != Scopes.BatchIdentify)
        {
            await HttpAnswers.WriteAsync(http, Failure.Of(refusal));
            return;
        }

        if (decision.NoRetain)
        {
            http.Features.Set(NothingKept.Mark);
        }

        if (decision.PriorityCap is { } most)
        {
            http.Features.Set(new PriorityCap(most));
        }

        if (decision.Refusal is null)
        {
            http.Features.Set(new ReleaseCap(decision.Release));
        }

        await next(http);
    }

    private static string? ScopeOf(HttpContext http) =>
        http.GetEndpoint()?.Metadata.GetMetadata<AccessRule>()?.Scope;
}

/// <summary>Marks a call of which nothing may be kept, as its agreement says.</summary>
internal sealed record NothingKept
{
    public static NothingKept Mark { get; } = new();
}

/// <summary>The highest priority that the caller's agreement gives it, 0..9.</summary>
internal sealed record PriorityCap(int Level);

/// <summary>How much of an answer the caller's agreement releases.</summary>
internal sealed record ReleaseCap(ReleaseProfile Profile);
