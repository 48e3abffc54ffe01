using System.Globalization;
using System.Text.Json.Nodes;

namespace MatchCluster.Matching.Audit;

/// <summary>What is known of one use. No biometric bytes, no names and no ids of persons: those are keyed.</summary>
public sealed record AuditEntry
{
    /// <summary>The version of a row's form. A change of it is a new number.</summary>
    public const int Version = 2;

    /// <summary>When the use began and when its answer was ready.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>When its answer was ready to leave.</summary>
    public required DateTimeOffset End { get; init; }

    /// <summary>The partner that calls; "loopback" where the server knows no caller.</summary>
    public required string Caller { get; init; }

    /// <summary>The subject of the caller's credentials; null where there is none.</summary>
    public string? Subject { get; init; }

    /// <summary>The purpose that the caller states, of a closed list; null where it states none.</summary>
    public string? Purpose { get; init; }

    /// <summary>The agreement that allowed or refused the use; null where none was asked.</summary>
    public AuditAgreement? Agreement { get; init; }

    /// <summary>The name of the operation, as in the description of the interface.</summary>
    public required string Operation { get; init; }

    /// <summary>Galleries that were searched, read or written.</summary>
    public IReadOnlyList<string> Galleries { get; init; } = [];

    /// <summary>What the searched galleries held at the moment of the search; empty where nobody says.</summary>
    public IReadOnlyList<AuditGalleryState> States { get; init; } = [];

    /// <summary>Line of the stream, counted from 1; null for a call that is no stream.</summary>
    public long? Line { get; init; }

    /// <summary>HTTP status of the answer; null for a line, and where the caller had gone.</summary>
    public int? Status { get; init; }

    /// <summary>Number of the failure; null where there was an answer.</summary>
    public int? RefusalCode { get; init; }

    /// <summary>Name of the failure.</summary>
    public string? Refusal { get; init; }

    /// <summary>What was searched; null where nothing was.</summary>
    public AuditSearch? Search { get; init; }

    /// <summary>Keyed hash of the samples that led to candidates.</summary>
    public string? Inputs { get; init; }

    /// <summary>Keyed hashes of the persons that the request names or makes.</summary>
    public IReadOnlyList<string> Persons { get; init; } = [];

    /// <summary>Keyed hashes of the candidates, the best first.</summary>
    public IReadOnlyList<string> Candidates { get; init; } = [];

    /// <summary>The case that was opened, read or decided; null, and missing in the row, where there is none.</summary>
    public string? Case { get; init; }

    /// <summary>What a person decided: the candidate's rank and the verdict.</summary>
    public string? Decision { get; init; }

    /// <summary>The front end that wrote the row; null where there is one alone.</summary>
    public string? Server { get; init; }

    /// <summary>Ids of the keys of the log; in its first row alone.</summary>
    public AuditKeyIds? Keys { get; init; }

    /// <summary>The row of this entry at its place in the chain.</summary>
    /// <param name="sequence">Its number, counted from 1.</param>
    /// <param name="previous">Hash of the row before it, in hexadecimal digits.</param>
    public JsonObject RowAt(long sequence, string previous)
    {
        JsonObject row = Members(sequence, previous);
        if (Keys is { } keys)
        {
            row["keys"] = new JsonObject { ["hash"] = keys.Hash, ["signing"] = keys.Signing };
        }

        if (Case is not null)
        {
            row["case"] = Case;
            row["decision"] = Decision;
        }

        return row;
    }

    private JsonObject Members(long sequence, string previous) => new()
    {
        ["v"] = Version,
        ["sequence"] = sequence,
        ["previous"] = previous,
        ["start"] = Written(Start),
        ["end"] = Written(End),
        ["caller"] = Caller,
        ["subject"] = Subject,
        ["purpose"] = Purpose,
        ["agreement"] = Agreement is null ? null
            : new JsonObject { ["id"] = Agreement.Id, ["version"] = Agreement.Version },
        ["operation"] = Operation,
        ["galleries"] = Listed(Galleries),
        ["states"] = new JsonArray([.. States.Select(state => (JsonNode?)state.Written())]),
        ["line"] = Line,
        ["status"] = Status,
        ["refusal"] = RefusalCode is null ? null : new JsonObject { ["code"] = RefusalCode, ["name"] = Refusal },
        ["searched"] = Search?.Written(),
        ["inputs"] = Inputs,
        ["persons"] = Listed(Persons),
        ["candidates"] = Listed(Candidates),
        ["server"] = Server,
    };

    /// <summary>A moment in UTC to the millisecond.</summary>
    internal static string Written(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static JsonArray Listed(IEnumerable<string> texts) =>
        [.. texts.Select(text => (JsonNode?)JsonValue.Create(text))];
}

/// <summary>The agreement under which a use was decided.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Version">The version that was in force.</param>
public sealed record AuditAgreement(string Id, long Version);

/// <summary>What a gallery held when it was searched.</summary>
/// <param name="Gallery">Its name.</param>
/// <param name="Hash">The state hash, in hexadecimal digits.</param>
/// <param name="Encounters">Its encounters.</param>
public sealed record AuditGalleryState(string Gallery, string Hash, long Encounters)
{
    internal JsonObject Written() =>
        new() { ["gallery"] = Gallery, ["hash"] = Hash, ["encounters"] = Encounters };
}

/// <summary>What was searched for one probe, or compared in one verification.</summary>
/// <param name="Threshold">The threshold that was applied, -10 log10 FMR; null where none was.</param>
/// <param name="Calibration">Id of what fingers were scored by.</param>
public sealed record AuditSearch(double? Threshold, string Calibration)
{
    public int? PartitionsAsked { get; init; }

    public int? PartitionsAnswered { get; init; }

    public long? IdentitiesHeld { get; init; }

    public long? IdentitiesSearched { get; init; }

    /// <summary>Searched identities with a sample that can be compared with one of the probe.</summary>
    public long? IdentitiesCompared { get; init; }

    internal JsonObject Written() => new()
    {
        ["partitionsAsked"] = PartitionsAsked,
        ["partitionsAnswered"] = PartitionsAnswered,
        ["identitiesHeld"] = IdentitiesHeld,
        ["identitiesSearched"] = IdentitiesSearched,
        ["identitiesCompared"] = IdentitiesCompared,
        ["threshold"] = Threshold,
        ["calibration"] = Calibration,
    };
}
