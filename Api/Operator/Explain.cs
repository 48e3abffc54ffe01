using System.Buffers.Binary;
using MatchCluster.Api.Audit;
using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Osia.Contract;
using MatchCluster.Api.Osia.Endpoints;
using MatchCluster.Api.Osia.Reading;
using MatchCluster.Api.Searching;
using MatchCluster.Matching;
using MatchCluster.Matching.Explain;
using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Modalities;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Uses;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MatchCluster.Api.Operator;

/// <summary>
/// A candidate taken apart for an examiner's screen: the fingers and eyes of a probe against those of one encounter,
/// each stage's numbers, the paired minutiae in the records' own pixels, the bits of the codes that differ. It is
/// computed again from the stored templates, with a place at the gate as for a verification.
/// </summary>
internal static class Explain
{
    public static async Task<Results<Ok<ExplainAnswer>, ProblemFailed>> RunAsync(
        string galleryId, string personId, string encounterId, ExplainRequest body, EncounterService encounters,
        PairService door, ImageItems images, HttpContext http)
    {
        SearchBudget budget = http.Budget();
        NotStored notes = NotStored.For(http);
        Parsed<List<Sample>> probe = await images.ReadAsync(body.BiometricData, "biometricData", notes, budget);
        notes.Describe(http.Response);
        ProbeErasure.AtEnd(http, body.BiometricData, probe.Value);
        if (probe.IsFailed)
        {
            return new ProblemFailed(probe.Failure);
        }

        Parsed<(Encounter Of, CandidateExplanation Found)> explained = await door.ExplainAsync(
            probe.Value, galleryId,
            decision => ReadAsync(galleryId, personId, encounterId, encounters, budget, decision),
            Asker.Of(http, Priority.Default), budget);
        if (explained.IsFailed)
        {
            return new ProblemFailed(explained.Failure);
        }

        AuditNotes.Of(http)?.Explained(door.Calibration.Id, probe.Value, personId);
        return TypedResults.Ok(Of(door.Calibration, explained.Value.Of, explained.Value.Found));
    }

    private static async ValueTask<Parsed<Encounter>> ReadAsync(
        string galleryId, string personId, string encounterId, EncounterService encounters, SearchBudget budget,
        UseDecision decision)
    {
        Parsed<Encounter> found = await encounters.ReadDecidedAsync(personId, encounterId, budget, decision);

        // A search of the gallery would not have shown it: neither is it explained there.
        return found.IsFailed
            || ((galleryId == Search.AllGalleries || found.Value.Galleries.Contains(galleryId))
                && found.Value.Status == EncounterStatus.Active)
            ? found
            : new Failure(FailureCode.Unknown, "unknown encounter in this gallery");
    }

    public static ExplainAnswer Of(
        ScoreCalibration calibration, Encounter encounter, CandidateExplanation explained) => new(
        EngineVersion.Text, calibration.Id, encounter.PersonId, encounter.EncounterId,
        [.. explained.Fingers.Select(Of)], [.. explained.Irises.Select(Of)]);

    private static ExplainedFinger Of(FingerExplanation found) => new()
    {
        ProbeSubType = Positions.SubTypeOf(found.ProbePosition),
        BiometricSubType = Positions.SubTypeOf(found.ReferencePosition),
        Score = found.Score,
        Calibration = found.Calibration,
        Turned = found.ProbeTurn,
        Similarity = found.Similarity,
        PairsRelaxed = found.PairsRelaxed,
        Strength = found.Strength,
        Probe = Of(found.Probe),
        Reference = Of(found.Reference),
        Alignment = found.Alignment is { } alignment ? Of(alignment) : null,
    };

    private static ExplainedIris Of(IrisExplanation found) => new()
    {
        ProbeSubType = Positions.SubTypeOf(found.ProbePosition),
        BiometricSubType = Positions.SubTypeOf(found.ReferencePosition),
        Score = found.Score,
        Distance = found.Comparison.Distance,
        NormalisedDistance = found.Normalised,
        Calibration = IrisCalibration.NameOf(found.Encoder),
        ValidBits = found.Comparison.Valid,
        DifferingBits = found.Comparison.Differing,
        Turned = found.ProbeTurn,
        Rotation = found.Comparison.Rotation,
        Rows = found.Shape.Rows,
        Columns = found.Shape.Columns,
        BitsPerCell = found.Shape.Wavelets * found.Shape.Phases,
        Compared = Bytes(found.Compared.Span),
        Differing = Bytes(found.Differing.Span),
    };

    /// <summary>A minutia's direction, counter-clockwise from the positive x axis.</summary>
    public static double DegreesOf(Minutia minutia) => minutia.Angle * 360.0 / 65536;

    private static byte[] Bytes(ReadOnlySpan<ulong> words)
    {
        byte[] bytes = new byte[words.Length * sizeof(ulong)];
        for (int i = 0; i < words.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(i * sizeof(ulong)), words[i]);
        }

        return bytes;
    }

    private static ExplainedSide Of(FingerSide side) => new()
    {
        Width = side.View.Width,
        Height = side.View.Height,
        ResolutionX = side.View.ResolutionX,
        ResolutionY = side.View.ResolutionY,
        MinutiaeScored = side.MinutiaeScored,
        Cylinders = side.Cylinders,
        Minutiae = [.. side.View.Minutiae.Select(
            minutia => new ExplainedMinutia(minutia.X, minutia.Y, DegreesOf(minutia)))],
    };

    private static ExplainedAlignment Of(FingerAlignment alignment) => new()
    {
        Turn = alignment.Turn,
        ProbeOverlap = alignment.ProbeOverlap,
        ReferenceOverlap = alignment.ReferenceOverlap,
        ExpectedByChance = alignment.Expected,
        MatesEvidence = alignment.MatesEvidence,
        CountEvidence = alignment.CountEvidence,
        Mates = [.. alignment.Mates.Select(mate => new ExplainedMate(
            mate.ProbeIndex, mate.ReferenceIndex, mate.Distance, mate.Turn, mate.Evidence))],
        Ridges = alignment.Ridges is { } ridges ? new ExplainedRidges(
            ridges.Cells, ridges.Turn, ridges.Period, ridges.Counts, ridges.CountDifference, ridges.Evidence) : null,
    };
}
