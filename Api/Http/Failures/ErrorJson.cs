using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;

namespace MatchCluster.Api.Http.Failures;

/// <summary>OSIA's Error.</summary>
/// <param name="Code">One of <see cref="FailureCode"/>.</param>
/// <param name="Message">What was found and what was wanted.</param>
internal sealed record OsiaError(int Code, string Message);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(OsiaError))]
[JsonSerializable(typeof(ProblemDetails))]
[JsonSerializable(typeof(int))]
internal sealed partial class ErrorJson : JsonSerializerContext;
