using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Http.Images;
using MatchCluster.Api.Http.Requests;
using MatchCluster.Api.Osia.Contract;
using MatchCluster.Api.Tasks;

namespace MatchCluster.Api.Osia.Endpoints;

/// <summary>What holds for every OSIA call, before its endpoint runs.</summary>
internal static class OsiaRules
{
    public static async ValueTask<object?> ApplyAsync(
        EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        Check(context.HttpContext) is { } failure ? new OsiaFailed(failure)
            : context.HttpContext.Features.Get<PendingTask>() is { } pending
                ? await pending.AcceptAsync(context.HttpContext)
            : await next(context);

    private static Failure? Check(HttpContext http)
    {
        IQueryCollection query = http.Request.Query;
        if (Identifiers.Check("transactionId", query["transactionId"]) is { } badTransaction)
        {
            return badTransaction;
        }

        foreach ((string name, object? value) in http.Request.RouteValues)
        {
            if (Identifiers.Check(name, value as string) is { } badId)
            {
                return badId;
            }
        }

        string? accuracy = query["accuracyLevel"];
        return Priority.Check(query, Priority.Name) ?? Priority.Check(query, "serviceLevel")
            ?? Deadline.Check(http.Request) ?? IdempotencyKey.Check(http.Request)
            ?? Unsupported.Check(http.Request) ?? ImageHeaders.Check(http.Request)
            ?? RotationWord.Check(query["rotation"])
            ?? (accuracy is null or "default" or "exhaustive" or "fast" ? null
                : Failure.Invalid("accuracyLevel", accuracy, "default, exhaustive or fast"));
    }
}
