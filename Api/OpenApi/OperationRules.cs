using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Osia.Protection;
using MatchCluster.Api.Retention;
using MatchCluster.Api.Searching;
using Microsoft.OpenApi;

namespace MatchCluster.Api.OpenApi;

/// <summary>Puts the tables of this folder into one operation.</summary>
internal static class OperationRules
{
    /// <summary>Operations that compare one to one begin with it.</summary>
    private const string Verify = "verify";

    public static void Apply(string path, HttpMethod method, OpenApiOperation operation, OpenApiDocument document)
    {
        if (operation.OperationId is not { } id || !Operations.ById.TryGetValue(id, out OperationText? text))
        {
            throw new InvalidOperationException($"{method} {path} has no words in {nameof(Operations)}");
        }

        operation.Summary = text.Summary;
        operation.Description = text.Description;
        ParameterRules.Apply(operation, text);
        if (operation.RequestBody?.Content is { } body)
        {
            AddExample(body, Examples.Read($"{id}.request"));
        }

        Succeed(id, text, operation.Responses!, document);
        bool isOsia = path.StartsWith("/v1/", StringComparison.Ordinal);
        if (!isOsia && !path.StartsWith("/mc/v1/", StringComparison.Ordinal))
        {
            return;
        }

        // What the types say of failures is less than the table does, and comes in no order.
        OpenApiResponses responses = [];
        IEnumerable<KeyValuePair<string, IOpenApiResponse>> done = operation.Responses!.Where(one => one.Key[0] == '2');
        bool isHandedOver = operation.Parameters?.Any(parameter => parameter.Name == "callback") == true;

        // What a call without a callback is answered with comes first: generators take the first as the success.
        done = done.OrderBy(one => one.Key, StringComparer.Ordinal);
        foreach ((string status, IOpenApiResponse response) in
            isHandedOver ? done.Append(new("202", Accepted())) : done)
        {
            responses[status] = response;
        }

        operation.Responses = responses;
        FailureCode[] codes =
        [
            FailureCode.InvalidParameter, FailureCode.CredentialsMissing, FailureCode.ScopeMissing,
            FailureCode.Unavailable, FailureCode.Unexpected, .. text.Failures,
            .. operation.Responses.ContainsKey("202")
                ? (FailureCode[])
                    [FailureCode.TasksFull, FailureCode.TasksOfPartnerFull, FailureCode.TransactionConflict] : [],
        ];
        foreach (IGrouping<int, FailureCode> status in
            codes.GroupBy(HttpAnswers.StatusOf).OrderBy(group => group.Key))
        {
            responses[Text(status.Key)] = Fail([.. status], isOsia, text, document);
        }
    }

    private static void Succeed(string id, OperationText text, OpenApiResponses responses, OpenApiDocument document)
    {
        foreach ((string status, IOpenApiResponse answer) in responses)
        {
            OpenApiResponse response = (OpenApiResponse)answer;
            response.Description = status switch
            {
                "200" => "Done.",
                "204" => "Done; there is no body.",
                "503" => "Not yet; the body is the same.",
                _ => response.Description,
            };
            AddExample(response.Content, Examples.Read($"{id}.{status}"));
            if (status == "200" && text.Text is { } other)
            {
                response.Content ??= new Dictionary<string, OpenApiMediaType>();
                response.Content[other.Type] = new OpenApiMediaType
                {
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                    Example = other.Example,
                };
            }

            if (text.IsSearch)
            {
                AnswerHeaders.OfSearch(response, document);
            }
            else if (id.StartsWith(Verify, StringComparison.Ordinal))
            {
                AnswerHeaders.Add(response, CoverageRule.CalibrationHeader, document);
                AnswerHeaders.Add(response, CoverageRule.ReleaseHeader, document);
            }

            if (text.ProtectsAnswer)
            {
                AnswerHeaders.Add(response, AnswerProtection.Said, document);
            }

            if (text.GivesReceipt)
            {
                AnswerHeaders.Add(response, Deletions.Header, document);
            }

            if (text.SaysHowItRead)
            {
                AnswerHeaders.OfReading(response, document);
            }
        }
    }

    /// <summary>OSIA's TaskId.</summary>
    private static OpenApiResponse Accepted() => new()
    {
        Description = "With callback: the call is kept as a task, and its result will be sent there.",
        Content = new Dictionary<string, OpenApiMediaType>
        {
            ["application/json"] = new()
            {
                Schema = new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    Properties = new Dictionary<string, IOpenApiSchema>
                    {
                        ["taskId"] = new OpenApiSchema { Type = JsonSchemaType.String },
                    },
                    Required = new HashSet<string> { "taskId" },
                    AdditionalPropertiesAllowed = false,
                },
                Example = new JsonObject { ["taskId"] = "01938a2f-5c1e-7d3b-9f64-2b1f7a9c0e55" },
            },
        },
    };

    private static OpenApiResponse Fail(
        FailureCode[] codes, bool isOsia, OperationText text, OpenApiDocument document)
    {
        Failure failure = FailureWords.ExampleOf(codes[0]);
        OpenApiResponse response = new()
        {
            Description = string.Join(' ', codes.Select(FailureWords.Of).Distinct()),
        };

        // OSIA's 404 and 409 have no body.
        if (!isOsia || codes[0] is not (FailureCode.Unknown or FailureCode.Conflict))
        {
            (string type, string schema, JsonNode? example) = isOsia
                ? ("application/json", "Error", JsonSerializer.SerializeToNode(
                    new OsiaError((int)failure.Code, failure.Message), ErrorJson.Default.OsiaError))
                : ("application/problem+json", "ProblemDetails", JsonSerializer.SerializeToNode(
                    HttpAnswers.ProblemOf(failure), ErrorJson.Default.ProblemDetails));
            response.Content = new Dictionary<string, OpenApiMediaType>
            {
                [type] = new OpenApiMediaType
                {
                    Schema = new OpenApiSchemaReference(schema, document),
                    Example = example,
                },
            };
        }

        if (codes.Contains(FailureCode.CredentialsMissing) || codes.Contains(FailureCode.ScopeMissing))
        {
            AnswerHeaders.Add(response, AnswerHeaders.Challenge, document);
        }

        if (codes.Any(code => HttpAnswers.StatusOf(code) is
            StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable))
        {
            AnswerHeaders.Add(response, AnswerHeaders.RetryAfter, document);
        }

        if (text.IsSearch && codes.Contains(FailureCode.Incomplete))
        {
            AnswerHeaders.OfSearch(response, document);
        }

        return response;
    }

    private static void AddExample(IDictionary<string, OpenApiMediaType>? content, JsonNode? example)
    {
        if (example is not null && content?.Values.FirstOrDefault() is { } media)
        {
            media.Example = example;
        }
    }

    private static string Text(int status) => status.ToString(CultureInfo.InvariantCulture);
}
