using System.Text.Json;
using MatchCluster.Api.Http.Requests;

namespace MatchCluster.Api.Streams;

/// <summary>
/// Whom a line of an enrolment stream is about, so that a refused line can be found again in what was sent.
/// In a line that is malformed whatever stands before the malformation is read; ids that break the rule of
/// ids are not repeated.
/// </summary>
/// <param name="PersonId">Null where it could not be read.</param>
/// <param name="EncounterId">Null where it could not be read.</param>
internal readonly record struct LineIds(string? PersonId, string? EncounterId)
{
    /// <summary>The ids of a line that was read.</summary>
    public static LineIds Of(EnrolLine line) =>
        new(Valid(line.PersonId), Valid(line.Encounter.EncounterId));

    /// <summary>The ids of a line that could not be read as a whole.</summary>
    public static LineIds Of(ReadOnlySpan<byte> line)
    {
        LineIds found = default;
        try
        {
            Utf8JsonReader reader = new(line);
            bool isInEncounter = false;
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName)
                {
                    continue;
                }

                bool isPerson = reader.CurrentDepth == 1 && reader.ValueTextEquals("personId"u8);
                bool isEncounter = reader.CurrentDepth == 2 && isInEncounter
                    && reader.ValueTextEquals("encounterId"u8);
                isInEncounter = reader.CurrentDepth == 1 ? reader.ValueTextEquals("encounter"u8) : isInEncounter;
                if ((isPerson || isEncounter) && reader.Read() && reader.TokenType == JsonTokenType.String)
                {
                    string? id = Valid(reader.GetString());
                    found = isPerson ? found with { PersonId = id } : found with { EncounterId = id };
                }
            }
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // What came before stands: the line's own error says where it is malformed.
        }

        return found;
    }

    private static string? Valid(string? id) => Identifiers.Check("id", id) is null ? id : null;
}
