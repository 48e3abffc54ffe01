using MatchCluster.Matching.Bytes;
using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;

namespace MatchCluster.Matching.Frames;

/// <summary>
/// A prepared probe: fingers as the rows they are compared by, irises as codes whose rotations are made again where
/// they arrive (ten microseconds against a hundred kilobytes).
/// </summary>
/// <remarks>
/// Fingers: count (4), each position code (1) and row (length 4, bytes; its header says what extracted it).
/// Irises: count (4), each position code (1), rotations (4), rows (1), columns (4), wavelets (1), phases (1), in a
/// frame from version 2 on the encoder (1), code and mask words (8 each).
/// </remarks>
internal static class ProbeCodec
{
    private const int MostRowBytes = 16 * 1024;

    /// <summary>Whether a probe must say what made its iris codes.</summary>
    public static bool NamesEncoders(Probe probe) => probe.Irises.Any(iris => iris.Encoder != IrisEncoderId.Unknown);

    /// <summary>Whether a finger of a probe says what its ridges do: older versions do not know such rows.</summary>
    public static bool HasRidges(Probe probe) => probe.Fingers.Any(finger => finger.Template.HasRidges);

    /// <param name="encoders">Whether the frame has room for encoders.</param>
    public static void Write(FrameWriter writer, Probe probe, bool encoders)
    {
        writer.Count("fingers", probe.Fingers.Count, Limits.RowsPerEncounter);
        foreach (FingerProbe finger in probe.Fingers)
        {
            byte[] row = new byte[finger.Template.RowBytes];
            finger.Template.WriteRow(row);
            writer.Byte(finger.Position.Code);
            writer.Bytes("finger row", row, 1, MostRowBytes);
        }

        writer.Count("irises", probe.Irises.Count, Limits.RowsPerEncounter);
        foreach (IrisProbe iris in probe.Irises)
        {
            Write(writer, iris, encoders);
        }
    }

    public static Probe Read(ref FrameReader reader, bool encoders)
    {
        int count = reader.Count("fingers", Limits.RowsPerEncounter);
        List<FingerProbe> fingers = new(count);
        for (int i = 0; i < count && reader.Rejection is null; i++)
        {
            if (ReadFinger(ref reader) is { } finger)
            {
                fingers.Add(finger);
            }
        }

        count = reader.Count("irises", Limits.RowsPerEncounter);
        List<IrisProbe> irises = new(count);
        for (int i = 0; i < count && reader.Rejection is null; i++)
        {
            if (ReadIris(ref reader, encoders) is { } iris)
            {
                irises.Add(iris);
            }
        }

        return new Probe(fingers, irises);
    }

    private static FingerProbe? ReadFinger(ref FrameReader reader)
    {
        BiometricPosition position = ReadPosition(ref reader, Modality.Finger);
        int at = reader.At;
        byte[] row = reader.Bytes("finger row", 1, MostRowBytes);
        if (reader.Rejection is not null)
        {
            return null;
        }

        if (FingerTemplate.IsRow(row))
        {
            return new FingerProbe(position, FingerTemplate.FromRow(row));
        }

        reader.Reject(at, $"{row.Length} bytes that are no finger row", "a finger row");
        return null;
    }

    private static void Write(FrameWriter writer, IrisProbe iris, bool encoders)
    {
        writer.Byte(iris.Position.Code);
        writer.Int32(iris.Rotations);
        writer.Byte((byte)iris.Shape.Rows);
        writer.Int32(iris.Shape.Columns);
        writer.Byte((byte)iris.Shape.Wavelets);
        writer.Byte((byte)iris.Shape.Phases);
        if (encoders)
        {
            writer.Byte((byte)iris.Encoder);
        }

        writer.Words(iris.Code);
        writer.Words(iris.Mask);
    }

    private static IrisProbe? ReadIris(ref FrameReader reader, bool encoders)
    {
        BiometricPosition position = ReadPosition(ref reader, Modality.Iris);
        int at = reader.At;
        int rotations = reader.Int32("rotations");
        IrisShape shape = new(
            reader.Byte("rows"), reader.Int32("columns"), reader.Byte("wavelets"), reader.Byte("phases"));
        if (reader.Rejection is null && (!shape.IsValid || rotations < 0 || (2L * rotations) + 1 > shape.Columns))
        {
            reader.Reject(at, $"an iris of shape {shape} with {rotations} rotations", "a valid shape and range");
        }

        if (reader.Rejection is not null)
        {
            return null;
        }

        IrisEncoderId encoder = encoders
            ? (IrisEncoderId)reader.Small("encoder", 0, (int)IrisEncoderId.MatchCluster1) : IrisEncoderId.Unknown;
        ulong[] code = reader.Words("iris code", shape.Words);
        ulong[] mask = reader.Words("iris mask", shape.Words);
        return reader.Rejection is not null
            ? null
            : new IrisProbe(
                new IrisCode { Position = position, Shape = shape, Code = code, Mask = mask, Encoder = encoder },
                rotations);
    }

    private static BiometricPosition ReadPosition(ref FrameReader reader, Modality wanted)
    {
        int at = reader.At;
        byte code = reader.Byte("position");
        if (BiometricPosition.TryFromCode(code, out BiometricPosition? position) && position.Value.Modality == wanted)
        {
            return position.Value;
        }

        reader.Reject(at, $"position code {code}", $"one of a {wanted}");
        return BiometricPosition.UnknownFinger;
    }
}
