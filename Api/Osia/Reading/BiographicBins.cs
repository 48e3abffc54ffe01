using System.Text.Json;
using MatchCluster.Api.Http;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Osia.Contract;
using MatchCluster.Matching.Model;

namespace MatchCluster.Api.Osia.Reading;

/// <summary>
/// What is kept of biographic data: the year of birth and M or F, both filter bins. They are given back as they
/// are kept, the year as <c>yearOfBirth</c> because nobody knows the day any more, and read back in that form.
/// </summary>
internal static class BiographicBins
{
    public const string DateOfBirth = "dateOfBirth";
    public const string Year = "yearOfBirth";
    public const string Gender = "gender";

    /// <summary>The year of dateOfBirth or yearOfBirth; null where both are absent or null.</summary>
    public static Parsed<int?> YearOfBirth(Dictionary<string, JsonElement>? data)
    {
        Parsed<int?> ofDate = OfDate(ValueOf(data, DateOfBirth));
        if (ofDate.IsFailed || ValueOf(data, Year) is not { } stated)
        {
            return ofDate;
        }

        return stated.ValueKind != JsonValueKind.Number || !stated.TryGetInt32(out int year)
            || year is < ApiLimits.FirstYearOfBirth or > DatesOfBirth.LastYear
                ? new Failure(FailureCode.InvalidEncounter,
                    $"biographicData.{Year}: wanted a year, {ApiLimits.FirstYearOfBirth}..{DatesOfBirth.LastYear}")
            : ofDate.Value is { } other && other != year
                ? new Failure(FailureCode.InvalidEncounter,
                    $"biographicData.{Year}: differs from the year of {DateOfBirth}")
            : (int?)year;
    }

    public static Sex SexOf(Dictionary<string, JsonElement>? data) =>
        ValueOf(data, Gender) is { ValueKind: JsonValueKind.String } gender
            ? gender.GetString() switch
            {
                "M" => Sex.Male,
                "F" => Sex.Female,
                _ => Sex.Unknown,
            }
            : Sex.Unknown;

    /// <summary>What is kept of an encounter, in OSIA's words; null where nothing is.</summary>
    public static Dictionary<string, JsonElement>? Of(Encounter encounter)
    {
        Dictionary<string, JsonElement> data = [];
        if (encounter.YearOfBirth is { } year)
        {
            data[Year] = JsonSerializer.SerializeToElement(year, OsiaJson.Default.Int32);
        }

        if (encounter.Sex != Sex.Unknown)
        {
            string word = encounter.Sex == Sex.Male ? "M" : "F";
            data[Gender] = JsonSerializer.SerializeToElement(word, OsiaJson.Default.String);
        }

        return data.Count == 0 ? null : data;
    }

    /// <summary>
    /// An update with what it did not repeat: that stays as it is stored, and is named. A property that is sent
    /// as null, or client data that is empty, is taken away.
    /// </summary>
    public static Encounter KeepUnsaid(Encounter update, OsiaEncounter body, Encounter stored, NotStored notStored)
    {
        Dictionary<string, JsonElement>? data = body.BiographicData;
        if (stored.YearOfBirth is not null && !IsSaid(data, DateOfBirth) && !IsSaid(data, Year))
        {
            notStored.Keep($"biographicData.{Year}");
            update = update with { YearOfBirth = stored.YearOfBirth };
        }

        if (stored.Sex != Sex.Unknown && !IsSaid(data, Gender))
        {
            notStored.Keep($"biographicData.{Gender}");
            update = update with { Sex = stored.Sex };
        }

        if (!stored.ClientData.IsEmpty && body.ClientData is null)
        {
            notStored.Keep("clientData");
            update = update with { ClientData = stored.ClientData };
        }

        return update;
    }

    private static bool IsSaid(Dictionary<string, JsonElement>? data, string name) => data?.ContainsKey(name) == true;

    private static JsonElement? ValueOf(Dictionary<string, JsonElement>? data, string name) =>
        data is not null && data.TryGetValue(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null
            ? value : null;

    private static Parsed<int?> OfDate(JsonElement? date) => date switch
    {
        null => (int?)null,
        { ValueKind: JsonValueKind.String } text =>
            DatesOfBirth.Year($"biographicData.{DateOfBirth}", text.GetString()!),
        _ => new Failure(FailureCode.InvalidEncounter, $"biographicData.{DateOfBirth}: wanted a date, yyyy-MM-dd"),
    };
}
