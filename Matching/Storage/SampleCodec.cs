using MatchCluster.Matching.Bytes;
using MatchCluster.Matching.Modalities;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Storage;

/// <summary>
/// The samples of an encounter record: count (1), then each as position code (1), format (1), presence (1:
/// bit 0 instance, bit 1 quality), instance (text) and quality (1) where present, template (length 4, bytes).
/// </summary>
internal static class SampleCodec
{
    private const byte HasInstance = 1;
    private const byte HasQuality = 2;

    public static void WriteAll(FrameWriter writer, IReadOnlyList<Sample> samples)
    {
        writer.Small("number of samples", samples.Count, 0, Limits.SamplesPerEncounter);
        foreach (Sample sample in samples)
        {
            Write(writer, sample);
        }
    }

    public static List<Sample> ReadAll(ref FrameReader reader)
    {
        int count = reader.Small("number of samples", 0, Limits.SamplesPerEncounter);
        List<Sample> samples = new(count);
        for (int i = 0; i < count && reader.Rejection is null; i++)
        {
            samples.Add(Read(ref reader));
        }

        return samples;
    }

    private static void Write(FrameWriter writer, Sample sample)
    {
        writer.Byte(sample.Position.Code);
        if (!Enum.IsDefined(sample.Format))
        {
            throw new ArgumentException($"template format {(int)sample.Format} is not defined");
        }

        writer.Byte((byte)sample.Format);
        int instanceBit = sample.Instance is null ? 0 : HasInstance;
        int qualityBit = sample.Quality is null ? 0 : HasQuality;
        writer.Byte((byte)(instanceBit | qualityBit));
        if (sample.Instance is { } instance)
        {
            writer.Text("instance", instance, 0, Limits.IdBytes);
        }

        if (sample.Quality is { } quality)
        {
            writer.Small("quality", quality, 0, 100);
        }

        writer.Bytes("template", sample.Template.Span, 1, MostBytes(sample.Position));
    }

    private static Sample Read(ref FrameReader reader)
    {
        int at = reader.At;
        byte code = reader.Byte("position");
        if (!BiometricPosition.TryFromCode(code, out BiometricPosition? position))
        {
            reader.Reject(at, $"position code {code}", "0 to 10 for fingers, 16 to 18 for eyes");
        }

        at = reader.At;
        TemplateFormat format = (TemplateFormat)reader.Byte("template format");
        if (!Enum.IsDefined(format))
        {
            reader.Reject(at, $"template format {(int)format}", "a format of this version");
        }

        int presence = reader.Small("presence", 0, HasInstance | HasQuality);
        BiometricPosition place = position ?? BiometricPosition.UnknownFinger;
        return new Sample
        {
            Position = place,
            Format = format,
            Instance = (presence & HasInstance) != 0 ? reader.Text("instance", 0, Limits.IdBytes) : null,
            Quality = (presence & HasQuality) != 0 ? reader.Small("quality", 0, 100) : null,
            Template = reader.Bytes("template", 1, MostBytes(place)),
        };
    }

    private static int MostBytes(BiometricPosition position) =>
        ModalityTable.Of(position.Modality).MostTemplateBytes;
}
