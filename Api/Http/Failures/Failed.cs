using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace MatchCluster.Api.Http.Failures;

/// <summary>The failed half of an OSIA endpoint's result.</summary>
internal sealed class OsiaFailed(Failure failure) : IResult, IEndpointMetadataProvider
{
    public Task ExecuteAsync(HttpContext httpContext) => HttpAnswers.WriteOsiaAsync(httpContext, failure);

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        foreach (FailureCode code in (FailureCode[])[FailureCode.BadRequest, FailureCode.Overloaded,
            FailureCode.Unavailable, FailureCode.Unexpected])
        {
            builder.Metadata.Add(new ProducesResponseTypeMetadata(
                HttpAnswers.StatusOf(code), typeof(OsiaError), ["application/json"]));
        }

        builder.Metadata.Add(new ProducesResponseTypeMetadata(HttpAnswers.StatusOf(FailureCode.Unknown)));
    }
}

/// <summary>The failed half of one of our own endpoints' results.</summary>
internal sealed class ProblemFailed(Failure failure) : IResult, IEndpointMetadataProvider
{
    public Task ExecuteAsync(HttpContext httpContext) => HttpAnswers.WriteProblemAsync(httpContext, failure);

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        FailureCode[] codes = [FailureCode.BadRequest, FailureCode.Overloaded, FailureCode.Unexpected];
        foreach (FailureCode code in codes)
        {
            builder.Metadata.Add(new ProducesResponseTypeMetadata(
                HttpAnswers.StatusOf(code), typeof(Microsoft.AspNetCore.Mvc.ProblemDetails),
                ["application/problem+json"]));
        }
    }
}
