using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Osia.Contract;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Api.Osia.Reading;

/// <summary>
/// The way of an encounter that is sent to the engine's, whatever door it comes in by: whether its pictures are kept,
/// what is extracted of them, what is read, when it expires.
/// </summary>
internal sealed class EncounterIntake(ImageItems images, TimeProvider clock)
{
    /// <param name="body">What was sent.</param>
    /// <param name="personId">The person's id, as it was sent or generated.</param>
    /// <param name="encounterId">The encounter's id; null where it is to be generated.</param>
    /// <param name="expiry">When the caller says that it expires, or why that cannot be read.</param>
    /// <param name="notStored">Knows what the call's headers ask, and gets what was found.</param>
    /// <param name="budget">How long the caller waits.</param>
    /// <param name="http">The call.</param>
    /// <param name="isPatient">Whether images wait where those of other calls would be refused.</param>
    public async ValueTask<Parsed<Encounter>> ReadAsync(
        OsiaEncounter body, string personId, string? encounterId, Parsed<DateTimeOffset?> expiry, NotStored notStored,
        SearchBudget budget, HttpContext http, bool isPatient = false)
    {
        if (expiry.IsFailed)
        {
            return expiry.Failure;
        }

        await notStored.NoteKeepingAsync(body.Galleries, http);
        Parsed<IReadOnlyList<OsiaBiometricData?>> items =
            await images.ExtractAsync(body.BiometricData, "biometricData", notStored, budget, isPatient);
        if (items.IsFailed)
        {
            return items.Failure;
        }

        Parsed<Encounter> read = EncounterReader.Read(
            body with { BiometricData = items.Value! }, personId, encounterId, clock.GetUtcNow(), notStored);
        return read.IsFailed ? read.Failure : read.Value with { ExpiresAt = expiry.Value };
    }
}
