using System.Text.Json.Nodes;
using MatchCluster.Api.Http;
using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Http.Images;
using MatchCluster.Api.Osia.Contract;
using MatchCluster.Api.Osia.Protection;
using MatchCluster.Matching;
using MatchCluster.Matching.Uses;
using Microsoft.OpenApi;

namespace MatchCluster.Api.OpenApi;

/// <summary>
/// What parameters of a name hold, with the limits that the server checks. Identifiers are text of a
/// bounded length (<see cref="Matching.Model.IdRule"/>).
/// </summary>
internal static class ParameterRules
{
    public static void Apply(OpenApiOperation operation, OperationText text)
    {
        if (text.HasDeadline)
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = Deadline.Header,
                In = ParameterLocation.Header,
                Description = "Milliseconds after which the caller does not wait any longer.",
            });
        }

        if (AsksOfGallery(operation.OperationId!))
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(
                new OpenApiParameter { Name = ServiceLevels.Header, In = ParameterLocation.Header });
        }

        if (text.TakesImages)
        {
            operation.Parameters ??= [];
            foreach (string name in (string[])[ImageHeaders.Prefer, ImageHeaders.Resolution, ImageHeaders.QualityMin])
            {
                operation.Parameters.Add(new OpenApiParameter { Name = name, In = ParameterLocation.Header });
            }
        }

        if (text.ProtectsAnswer)
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(
                new OpenApiParameter { Name = AnswerProtection.Asked, In = ParameterLocation.Header });
        }

        if (AsksOfGallery(operation.OperationId!))
        {
            operation.Parameters ??= [];
            foreach (string name in (string[])[StatedUse.ReleaseHeader, StatedUse.NoRetainHeader])
            {
                operation.Parameters.Add(new OpenApiParameter { Name = name, In = ParameterLocation.Header });
            }
        }

        foreach (OpenApiParameter parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>())
        {
            parameter.Schema = Of(parameter.Name!, operation.OperationId!);
            parameter.Description ??= WordsOf(parameter.Name!);
        }
    }

    /// <summary>Whether an operation answers from a gallery whom a probe is like.</summary>
    private static bool AsksOfGallery(string operation) =>
        operation is "batchIdentify" or "explainCandidate" or "rapidSearch"
        || operation.StartsWith("identify", StringComparison.Ordinal)
        || operation.StartsWith("verify", StringComparison.Ordinal);

    private static OpenApiSchema Of(string name, string operation) => name switch
    {
        Priority.Name => Whole(0, Priority.Levels - 1,
            (operation == "batchIdentify" ? Priority.Stream : Priority.Default).Level),
        ServiceLevels.Parameter => Whole(0, Priority.Levels - 1),
        ServiceLevels.Header => new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = 32 },
        "maxNbCand" => Whole(1, Limits.CandidatesPerSearch, ApiLimits.DefaultCandidates),
        "offset" => Whole(0, ApiLimits.GalleryOffset, 0),
        "limit" => operation switch
        {
            "listCases" or "listSubscriptions" or "readAlerts" => Whole(1, ApiLimits.CasePage, 50),
            "readAudit" => Whole(1, ApiLimits.AuditPage, 1000),
            "readPackHits" => Whole(1, 1000, 100),
            "readGalleryChanges" => Whole(0, Limits.ChangesPerRead, 100),
            _ => Whole(1, ApiLimits.GalleryPage, 1000),
        },
        "wait" => Whole(0, ApiLimits.FeedWaitSeconds, 0),
        "content" => Words(["none", "encounter", "record"]),
        "state" => Words(["open", "confirmed", "rejected", "expired", "all"]),
        "since" => new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" },
        "after" when operation != "listCases" => new OpenApiSchema
        {
            Type = JsonSchemaType.Integer,
            Format = "int64",
            Minimum = "0",
            Default = JsonValue.Create(0),
        },
        Deadline.Header => Whole(
            1, (int)Limits.LongestDeadline.TotalMilliseconds, (int)Limits.DefaultDeadline.TotalMilliseconds),
        ImageHeaders.Prefer => Words(ImageHeaders.Preferences),
        ImageHeaders.Resolution => Words(ImageHeaders.Resolutions),
        ImageHeaders.QualityMin => Whole(0, ImageHeaders.BestQuality),
        StatedUse.ReleaseHeader => Words(ReleaseWords.All),
        StatedUse.NoRetainHeader => new OpenApiSchema { Type = JsonSchemaType.Boolean, Default = false },
        "threshold" => new OpenApiSchema
        {
            Type = JsonSchemaType.Number,
            Format = "double",
            Minimum = "0",
            Maximum = ((int)ApiLimits.HighestThreshold).ToString(System.Globalization.CultureInfo.InvariantCulture),
        },
        "swappedHands" or "swappedEyes" => new OpenApiSchema { Type = JsonSchemaType.Boolean, Default = false },
        "rotation" => Words([RotationWord.Normal, RotationWord.Full]),
        "accuracyLevel" => Words(["default", "exhaustive", "fast"]),
        "format" => Words(["ndjson", "csv"]),
        "taskState" => Words(Enum.GetNames<Matching.Tasks.TaskState>()),
        "status" => Words(EnumWords<StatusWord>.All),
        "biometricType" => Words(EnumWords<BiometricType>.All),
        "biometricSubType" => Words(EnumWords<BiometricSubType>.All),
        AnswerProtection.Asked or "picture" or "templateFormat" or "qualityFormat" or "instance" or "algorithm"
            or "callback" => new OpenApiSchema { Type = JsonSchemaType.String },
        _ => new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = Limits.IdBytes },
    };

    private static string? WordsOf(string name) => name switch
    {
        AnswerProtection.Asked => $"Some of {ProtectionWords.All}, with commas between: how the answer is protected.",
        ImageHeaders.Prefer => "Which counts where an item has a template and an image. "
            + "Without it the template does; of extractTemplates the image.",
        ImageHeaders.Resolution => "Whether 500 pixels per inch may be assumed where nobody states others.",
        StatedUse.ReleaseHeader => "The most of the answer that is wanted. It lowers what an agreement releases, and "
            + "never raises it. To explain wants full.",
        StatedUse.NoRetainHeader => "True keeps nothing of the probe and clears the memory it was in.",
        ServiceLevels.Header => "The service level by name: rapid, criminal, civil and routine, or the installation's "
            + "own. Its deadline and priority hold for the call.",
        ImageHeaders.QualityMin => "Quality below which an image is refused.",
        "galleryId" => $"Name of a gallery; {Matching.Seam.Search.AllGalleries} is every gallery.",
        "id" => "The agreement.",
        "personId" => "The person.",
        "encounterId" => "The encounter of that person.",
        "personIdTarget" => "The person who has the encounters afterwards.",
        "personIdSource" => "The person who has them before.",
        "taskId" => "The task.",
        "jobId" => "The job.",
        "threshold" => "Score (-10 log10 FMR) from which a pair or a candidate is reported. A deduplication without it "
            + "takes the one at which a gallery without duplicates reports any pair with a chance of 1 %.",
        "accuracyLevel" => "exhaustive scores every pair in full; default lets fingers pass a first stage.",
        "format" => "How the results are written: ndjson or csv, or figures of a job of the kind accuracy.",
        "taskState" => "Only tasks of this state.",
        "kind" => "The kind of a job: deduplicate, batch-identify or accuracy; of a task, also osia or alert.",
        "afterSubscriptionId" => "Goes on after this subscription, the last of a page.",
        "afterTaskId" => "Goes on after this task, the last of a page.",
        "status" => "The status afterwards.",
        "offset" => "Members that are passed over.",
        "limit" => "Members, changes or cases that are listed at most.",
        "wait" => "Seconds that the call waits for a change where there is none yet.",
        "content" => "What stands beside a change: nothing, the encounter as it is read, or the record as it is "
            + "stored.",
        "caseId" => "The case.",
        "subscriptionId" => "The subscription.",
        "alertId" => "The alert.",
        "packId" => "The pack.",
        "state" => "Cases of this state; those that are open where it is left out.",
        "after" => "Goes on after this row, this change or this case, the last of a page.",
        "since" => "Only cases that were opened then or later.",
        "afterPersonId" => "Goes on after this member, the last of a page, instead of an offset.",
        "afterEncounterId" => "The encounter of that member.",
        "person" => "Only rows in which this person is named or is a candidate.",
        "from" => "Only uses that ended at this moment or later: a day, or a moment as in RFC 3339.",
        "to" => "Only uses that ended before this moment.",
        "biometricType" => "Only templates of this type.",
        "biometricSubType" => "Only templates of this position.",
        "instance" => "Only templates of this instance.",
        "templateFormat" => "Only templates of this format.",
        "qualityFormat" => "Only templates whose quality has this format.",
        _ => null,
    };

    private static OpenApiSchema Words(IEnumerable<string> words) => new()
    {
        Type = JsonSchemaType.String,
        Enum = [.. words.Select(word => (JsonNode)JsonValue.Create(word)!)],
    };

    private static OpenApiSchema Whole(int least, int most, int? otherwise = null) => new()
    {
        Type = JsonSchemaType.Integer,
        Format = "int32",
        Minimum = least.ToString(System.Globalization.CultureInfo.InvariantCulture),
        Maximum = most.ToString(System.Globalization.CultureInfo.InvariantCulture),
        Default = otherwise is { } value ? JsonValue.Create(value) : null,
    };
}
