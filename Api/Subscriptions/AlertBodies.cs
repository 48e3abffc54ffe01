using System.Text.Json.Serialization;
using MatchCluster.Api.Osia.Contract;

namespace MatchCluster.Api.Subscriptions;

/// <summary>What is asked of a subscription.</summary>
internal sealed record SubscriptionRequest
{
    /// <summary>
    /// "hit", also where it is left out, or "wrapBack", without biometricData; with a threshold it is told of
    /// enrolments too.
    /// </summary>
    public string? Kind { get; init; }

    /// <summary>The gallery that is watched.</summary>
    public required string GalleryId { get; init; }

    /// <summary>What whoever comes into it later is compared with.</summary>
    public IReadOnlyList<OsiaBiometricData?>? BiometricData { get; init; }

    /// <summary>The lowest score of an alert, -10 log10 FMR.</summary>
    public double? Threshold { get; init; }

    /// <summary>
    /// In the place of a threshold: the FPIR of a search of the gallery, as large as it is now, that makes it.
    /// </summary>
    [JsonPropertyName("targetFPIR")]
    public double? TargetFpir { get; init; }

    /// <summary>Where alerts are sent; left out where the owner fetches them.</summary>
    public string? Callback { get; init; }

    /// <summary>When it ends.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The owner's own word for it, which comes with each alert.</summary>
    public string? Reference { get; init; }
}

/// <summary>A subscription as its owner sees it: without its samples.</summary>
/// <param name="SubscriptionId">Its name.</param>
/// <param name="GalleryId">The gallery that is watched.</param>
/// <param name="Kind">"hit" or "wrapBack".</param>
/// <param name="Threshold">The lowest score of an alert; 0 of a wrapBack that is told of searches alone.</param>
/// <param name="Purpose">For what; null where nothing was stated.</param>
/// <param name="Callback">Where alerts are sent.</param>
/// <param name="Reference">The owner's own word for it.</param>
/// <param name="Created">When it was made.</param>
/// <param name="ExpiresAt">When it ends.</param>
/// <param name="After">The last change of the gallery before it.</param>
/// <param name="Samples">How many samples are compared.</param>
internal sealed record SubscriptionAnswer(
    string SubscriptionId, string Kind, string GalleryId, double Threshold, string? Purpose, string? Callback,
    string? Reference, DateTimeOffset Created, DateTimeOffset ExpiresAt, long After, int Samples);

/// <param name="Subscriptions">Subscriptions in the order in which they were made.</param>
/// <param name="Next">What to ask for next; null after the last one.</param>
internal sealed record SubscriptionList(IReadOnlyList<SubscriptionAnswer> Subscriptions, string? Next);

/// <summary>Somebody came into a watched gallery.</summary>
internal sealed record AlertBody
{
    /// <summary>Its place among its owner's alerts; in none of them twice.</summary>
    public long Number { get; init; }

    public required string AlertId { get; init; }

    /// <summary>
    /// "hit": somebody resembles the probe. "gap": changes of the gallery were not looked at, because its log does not
    /// keep them any more. "wrapBack": another partner's search or enrolment met a person of the owner's gallery.
    /// </summary>
    public required string Kind { get; init; }

    /// <summary>"search" or "enrolment": by what a wrapBack was met; null for other kinds.</summary>
    public string? Cause { get; init; }

    /// <summary>The subscription.</summary>
    public required string SubscriptionId { get; init; }

    /// <summary>The owner's own word for the subscription.</summary>
    public string? Reference { get; init; }

    public required string GalleryId { get; init; }

    /// <summary>When it was raised.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Who came, as the owner's release profile says.</summary>
    public string? PersonId { get; init; }

    /// <summary>The encounter, where everything is released.</summary>
    public string? EncounterId { get; init; }

    /// <summary>-10 log10 FMR, where scores are released.</summary>
    public double? Score { get; init; }

    /// <summary>The lowest score of an alert.</summary>
    public double? Threshold { get; init; }

    /// <summary>For what the search or enrolment was made that met the person, where it is told.</summary>
    public string? Purpose { get; init; }

    /// <summary>Who searched or enrolled, where it is told.</summary>
    public string? Partner { get; init; }

    /// <summary>When its owner said that it was seen.</summary>
    public DateTimeOffset? Seen { get; init; }
}

/// <param name="Alerts">Alerts in the order of their numbers.</param>
/// <param name="Next">The number to ask for the next ones after.</param>
internal sealed record AlertPage(IReadOnlyList<AlertBody> Alerts, long Next);

/// <summary>The JSON of subscriptions and alerts.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AlertBody))]
internal sealed partial class StoredAlertJson : JsonSerializerContext;

[JsonSerializable(typeof(SubscriptionRequest))]
[JsonSerializable(typeof(SubscriptionAnswer))]
[JsonSerializable(typeof(SubscriptionList))]
[JsonSerializable(typeof(AlertPage))]
internal sealed partial class AlertJson : JsonSerializerContext;
