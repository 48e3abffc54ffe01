using System.Globalization;
using MatchCluster.Api.Http;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Http.Requests;
using MatchCluster.Api.Osia.Contract;
using MatchCluster.Matching;
using MatchCluster.Matching.Model;

namespace MatchCluster.Api.Osia.Reading;

/// <summary>
/// OSIA's Encounter to the engine's. Of biographic data only the year of birth and M or F are kept
/// (<see cref="BiographicBins"/>).
/// </summary>
internal static class EncounterReader
{
    /// <param name="body">What was sent.</param>
    /// <param name="personId">The person's id from the path, or a generated one.</param>
    /// <param name="encounterId">The encounter's id from the path; null where it is to be generated.</param>
    /// <param name="now">Becomes the creation date; the engine keeps the first one on an update.</param>
    /// <param name="notStored">Collects the names of what is not kept.</param>
    public static Parsed<Encounter> Read(
        OsiaEncounter body, string personId, string? encounterId, DateTimeOffset now, NotStored notStored)
    {
        if (Check(body, encounterId) is { } failure)
        {
            return failure;
        }

        Parsed<BiometricItems> items = BiometricDataReader.ReadItems(body.BiometricData, "biometricData", notStored);
        if (items.IsFailed)
        {
            return items.Failure;
        }

        Parsed<int?> year = BiographicBins.YearOfBirth(body.BiographicData);
        if (year.IsFailed)
        {
            return year.Failure;
        }

        notStored.AddNotSearchable(items.Value.Samples);
        Sex sex = BiographicBins.SexOf(body.BiographicData);
        Note(body, encounterId, sex, notStored);
        return new Encounter
        {
            PersonId = personId,
            EncounterId = encounterId ?? RecordIds.Next(now).ToString(),
            RecordId = RecordIds.Next(now),
            Status = body.Status == StatusWord.Active ? EncounterStatus.Active : EncounterStatus.Inactive,
            EncounterType = body.EncounterType,
            Galleries = body.Galleries,
            Created = now,
            Updated = now,
            YearOfBirth = year.Value,
            Sex = sex,
            ClientData = body.ClientData,
            Samples = items.Value.Samples,
            Missing = items.Value.Missing,
            Pictures = items.Value.Pictures,
        };
    }

    /// <summary>The failure of a list of galleries to join, or null.</summary>
    public static Failure? CheckGalleries(IReadOnlyList<string> galleries)
    {
        if (galleries.Count is 0 or > Limits.GalleriesPerEncounter)
        {
            return new Failure(FailureCode.InvalidEncounter,
                $"galleries: found {galleries.Count}, wanted 1..{Limits.GalleriesPerEncounter}");
        }

        for (int i = 0; i < galleries.Count; i++)
        {
            if (Identifiers.CheckGalleryToJoin($"galleries[{i}]", galleries[i]) is { } bad)
            {
                return bad;
            }
        }

        return galleries.Distinct(StringComparer.Ordinal).Count() == galleries.Count ? null
            : new Failure(FailureCode.InvalidEncounter, "galleries: found one twice, wanted each once");
    }

    private static Failure? Check(OsiaEncounter body, string? encounterId)
    {
        if (body.Encryption is not null || body.Integrity is not null)
        {
            return new Failure(FailureCode.UnsupportedBiometricData,
                "encryption, integrity: not supported in this version; send plain data over a protected connection");
        }

        if (encounterId is not null && body.EncounterId is not null && body.EncounterId != encounterId)
        {
            return new Failure(FailureCode.InvalidEncounter, "encounterId: differs from the one in the path");
        }

        if (body.ClientData is { Length: > Limits.ClientDataBytes })
        {
            return new Failure(FailureCode.InvalidEncounter,
                $"clientData: found {body.ClientData.Length} bytes, wanted at most {Limits.ClientDataBytes}");
        }

        return Identifiers.Check("encounterType", body.EncounterType) ?? CheckGalleries(body.Galleries);
    }

    private static void Note(OsiaEncounter body, string? encounterId, Sex sex, NotStored notStored)
    {
        notStored.AddIf(encounterId is null && body.EncounterId is not null, "encounterId");
        notStored.AddIf(body.CreatedDate is not null, "createdDate");
        notStored.AddIf(body.UpdatedDate is not null, "updatedDate");
        foreach (string name in body.ContextualData?.Keys ?? Enumerable.Empty<string>())
        {
            notStored.Add("contextualData." + name);
        }

        foreach (string name in body.BiographicData?.Keys ?? Enumerable.Empty<string>())
        {
            bool kept = name is BiographicBins.DateOfBirth or BiographicBins.Year
                || (name == BiographicBins.Gender && sex != Sex.Unknown);
            notStored.AddIf(!kept, "biographicData." + name);
        }
    }
}

/// <summary>Reads dates of birth, of which only the year is used.</summary>
internal static class DatesOfBirth
{
    /// <summary>Years of birth that are believed go so far.</summary>
    public const int LastYear = 2200;

    /// <summary>The year of a date (yyyy-MM-dd) or date-time; the message never repeats the date.</summary>
    public static Parsed<int?> Year(string name, string text)
    {
        bool read = DateOnly.TryParseExact(
            text.AsSpan(0, Math.Min(text.Length, 10)), "yyyy-MM-dd", CultureInfo.InvariantCulture,
            DateTimeStyles.None, out DateOnly date);
        bool wholeText = text.Length == 10 || (text.Length > 10 && text[10] == 'T');
        return read && wholeText && date.Year is >= ApiLimits.FirstYearOfBirth and <= LastYear
            ? (int?)date.Year
            : new Failure(FailureCode.InvalidEncounter,
                $"{name}: wanted a date, yyyy-MM-dd, not before {ApiLimits.FirstYearOfBirth}");
    }
}
