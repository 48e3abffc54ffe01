using System.Text.Json.Serialization;
using MatchCluster.Api.Deliveries;

namespace MatchCluster.Api.Operator;

/// <summary>The JSON of what an operator asks, read as strictly as OSIA's.</summary>
[JsonSerializable(typeof(StatsAnswer))]
[JsonSerializable(typeof(LiveAnswer))]
[JsonSerializable(typeof(GalleryStateAnswer))]
[JsonSerializable(typeof(ExtractRequest))]
[JsonSerializable(typeof(ExtractAnswer))]
[JsonSerializable(typeof(ExplainRequest))]
[JsonSerializable(typeof(ExplainAnswer))]
[JsonSerializable(typeof(DeletedGalleryAnswer))]
[JsonSerializable(typeof(RotatedKeyAnswer))]
[JsonSerializable(typeof(KeysAnswer))]
[JsonSerializable(typeof(CallbackKeysAnswer))]
[JsonSerializable(typeof(CaseListAnswer))]
[JsonSerializable(typeof(CaseDetails))]
[JsonSerializable(typeof(CaseReportAnswer))]
[JsonSerializable(typeof(CaseComparisonRequest))]
[JsonSerializable(typeof(CaseDecisionRequest))]
internal sealed partial class OperatorJson : JsonSerializerContext;
