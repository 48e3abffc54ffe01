using System.Text.Json.Serialization;
using MatchCluster.Api.Deliveries;
using MatchCluster.Api.Unique;

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
[JsonSerializable(typeof(ErasedPicturesAnswer))]
[JsonSerializable(typeof(RotatedKeyAnswer))]
[JsonSerializable(typeof(KeysAnswer))]
[JsonSerializable(typeof(CallbackKeysAnswer))]
[JsonSerializable(typeof(RapidRequest))]
[JsonSerializable(typeof(RapidAnswer))]
[JsonSerializable(typeof(EnrolIfUniqueAnswer))]
[JsonSerializable(typeof(CaseListAnswer))]
[JsonSerializable(typeof(CaseDetails))]
[JsonSerializable(typeof(CaseReportAnswer))]
[JsonSerializable(typeof(CaseComparisonRequest))]
[JsonSerializable(typeof(CaseDecisionRequest))]
internal sealed partial class OperatorJson : JsonSerializerContext;
