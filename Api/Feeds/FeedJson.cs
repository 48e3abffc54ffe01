using System.Text.Json;
using System.Text.Json.Serialization;

namespace MatchCluster.Api.Feeds;

/// <summary>The JSON of change logs and packs.</summary>
[JsonSerializable(typeof(ChangesBody))]
[JsonSerializable(typeof(PackRequest))]
[JsonSerializable(typeof(PackReportAnswer))]
[JsonSerializable(typeof(PackHitsAnswer))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class FeedJson : JsonSerializerContext;

/// <summary>Hits as copies send them: what another version adds is passed over.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PackHitBody))]
internal sealed partial class HitJson : JsonSerializerContext;
