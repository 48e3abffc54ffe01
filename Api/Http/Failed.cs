using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace MatchCluster.Api.Http;

/// <summary>The failed half of an OSIA endpoint's result.</summary>
internal sealed class OsiaFailed(Failure failure) : IResult, IEndpointMetadataProvider
{
    public Task ExecuteAsync(HttpContext httpContext) => HttpAnswers.WriteOsiaAsync(httpContext, failure);

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        foreach (ErrorCode code in (ErrorCode[])[ErrorCode.BadRequest, ErrorCode.Overloaded,
            ErrorCode.AsynchronousForm, ErrorCode.Unavailable, ErrorCode.Unexpected])
        {
            builder.Metadata.Add(new ProducesResponseTypeMetadata(
                HttpAnswers.StatusOf(code), typeof(OsiaError), ["application/json"]));
        }

        builder.Metadata.Add(new ProducesResponseTypeMetadata(HttpAnswers.StatusOf(ErrorCode.Unknown)));
    }
}

/// <summary>The failed half of one of our own endpoints' results.</summary>
internal sealed class ProblemFailed(Failure failure) : IResult, IEndpointMetadataProvider
{
    public Task ExecuteAsync(HttpContext httpContext) => HttpAnswers.WriteProblemAsync(httpContext, failure);

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        foreach (ErrorCode code in (ErrorCode[])[ErrorCode.BadRequest, ErrorCode.Overloaded, ErrorCode.Unexpected])
        {
            builder.Metadata.Add(new ProducesResponseTypeMetadata(
                HttpAnswers.StatusOf(code), typeof(Microsoft.AspNetCore.Mvc.ProblemDetails),
                ["application/problem+json"]));
        }
    }
}
