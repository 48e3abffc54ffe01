using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Http.Images;
using MatchCluster.Api.Http.Requests;
using MatchCluster.Api.Osia.Contract;

namespace MatchCluster.Api.Osia.Endpoints;

/// <summary>What holds for every OSIA call, before its endpoint runs.</summary>
internal static class OsiaRules
{
    public static async ValueTask<object?> ApplyAsync(
        EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        Check(context.HttpContext) is { } failure ? new OsiaFailed(failure) : await next(context);

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

        if (query.ContainsKey("callback"))
        {
            return new Failure(FailureCode.AsynchronousForm,
                "callback: the asynchronous form is not offered yet; call again without callback");
        }

        string? accuracy = query["accuracyLevel"];
        return Priority.Check(query, Priority.Name) ?? ServiceLevels.Check(http)
            ?? Deadline.Check(http.Request) ?? Unsupported.Check(http.Request) ?? ImageHeaders.Check(http.Request)
            ?? RotationWord.Check(query["rotation"])
            ?? (accuracy is null or "default" or "exhaustive" or "fast" ? null
                : Failure.Invalid("accuracyLevel", accuracy, "default, exhaustive or fast"));
    }
}
