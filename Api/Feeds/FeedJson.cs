using System.Text.Json.Serialization;

namespace MatchCluster.Api.Feeds;

/// <summary>The JSON of change logs and packs.</summary>
[JsonSerializable(typeof(ChangesBody))]
internal sealed partial class FeedJson : JsonSerializerContext;
