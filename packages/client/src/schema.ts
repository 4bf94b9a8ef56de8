/** Made from /openapi.json; see services/api/src/client-schema.integration.test.ts. */
export interface paths {
    "/livez": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process answers */
        get: operations["live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether requests can be served: Redis and storage answer, and the server is not shutting down */
        get: operations["ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/txt2img": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Paint a picture from a prompt alone */
        post: operations["txt2img"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/img2img": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Paint a picture anew from a picture and a prompt */
        post: operations["img2img"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/inpaint": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Repaint the masked part of a picture */
        post: operations["inpaint"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A job as it is now, or as it is when it ends */
        get: operations["getJob"];
        put?: never;
        post?: never;
        /** Erase a job with its inputs and results, canceling it first where needed */
        delete: operations["deleteJob"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}/images/{n}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A result picture */
        get: operations["getImage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /** A result picture */
        head: operations["getImageHead"];
        patch?: never;
        trace?: never;
    };
    "/v1/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Your jobs, the newest first */
        get: operations["listJobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Live progress as Server-Sent Events: `job` (the job object, at first and at each change), `progress`, `preview` */
        get: operations["followJob"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}/browser-token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A token with which a page reads this job, its events and its pictures, as `?token=` or in the place of a key */
        post: operations["createBrowserToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancel a job: at once while it waits (200), between steps while it runs (202). A canceled one stays so (200); one that ended otherwise too (409, with the job) */
        post: operations["cancelJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A job's webhook events and every attempt to deliver them */
        get: operations["listDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}/deliveries/{delivery}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send an event again now */
        post: operations["replayDelivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhook-secret/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make the secret that webhooks are signed with, or a new one. It is shown once; the one before signs too for 24 hours */
        post: operations["rotateWebhookSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send an event of type `test` to a URL, signed and retried like any other; ten a minute */
        post: operations["sendTestEvent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/test/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A test event and every attempt to deliver it */
        get: operations["getTestEvent"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Models that jobs can name, and whether a worker serves them now */
        get: operations["listModels"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A model */
        get: operations["getModel"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/capabilities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Samplers, schedules, formats and limits */
        get: operations["getCapabilities"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What your jobs use now, and the limits of your key */
        get: operations["getUsage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/version": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Which version of the service answers */
        get: operations["getVersion"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All keys, or those of a tenant */
        get: operations["listKeys"];
        put?: never;
        /** Make a key */
        post: operations["createKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke a key, everywhere within ten seconds */
        delete: operations["revokeKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/keys/{id}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a new token for a key; the old one works for another 24 hours */
        post: operations["rotateKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface webhooks {
    jobEvent: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What is sent to `webhook_url`, signed as Standard Webhooks has it */
        post: operations["jobEvent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface components {
    schemas: {
        Problem: {
            type: string;
            title: string;
            status: number;
            detail?: string;
            /** @enum {string} */
            code: "invalid_request" | "invalid_multipart" | "duplicate_field" | "unauthorized" | "forbidden" | "foreign_page" | "not_found" | "method_not_allowed" | "request_timeout" | "already_final" | "not_ready" | "idempotency_in_progress" | "expired" | "deleted" | "payload_too_large" | "unsupported_media_type" | "range_not_satisfiable" | "misdirected_request" | "invalid_fields" | "not_supported" | "unknown_model" | "unknown_lora" | "unknown_control" | "unknown_upscaler" | "unknown_reference_model" | "invalid_image" | "image_required" | "mask_required" | "empty_mask" | "too_few_steps" | "too_much_work" | "image_url_failed" | "source_unavailable" | "idempotency_mismatch" | "no_webhook_secret" | "webhook_url_refused" | "rate_limited" | "too_many_jobs" | "too_many_secrets" | "quota_exceeded" | "storage_quota" | "internal_error" | "queue_unavailable" | "queue_full" | "no_worker" | "overloaded" | "enqueue_unknown" | "storage_unavailable" | "draining" | "engine_crashed" | "timed_out" | "out_of_memory" | "device_error" | "bad_output" | "model_unusable" | "input_lost";
            request_id?: string;
            errors?: {
                pointer: string;
                detail: string;
            }[];
        };
        Lora: {
            name: string;
            weight: number;
            text_weight: number;
        };
        Progress: {
            /** @enum {string} */
            phase: "loading" | "encoding" | "denoising" | "decoding" | "uploading";
            step: number;
            steps: number;
            percent: number;
        };
        JobImage: {
            index: number;
            /** Format: uri */
            url: string;
            /**
             * Format: uri
             * @description opens without a key, until `signed_until`
             */
            signed_url: string;
            seed: number;
            variation_seed: number | null;
            width: number;
            height: number;
            /** @description whether the safety checker found it unsafe; null where nobody looked */
            flagged: boolean | null;
            /** @enum {string} */
            content_type: "image/png" | "image/jpeg" | "image/webp";
            bytes: number;
            sha256: string;
        };
        JobError: {
            /** @enum {string} */
            code: "invalid_request" | "invalid_multipart" | "duplicate_field" | "unauthorized" | "forbidden" | "foreign_page" | "not_found" | "method_not_allowed" | "request_timeout" | "already_final" | "not_ready" | "idempotency_in_progress" | "expired" | "deleted" | "payload_too_large" | "unsupported_media_type" | "range_not_satisfiable" | "misdirected_request" | "invalid_fields" | "not_supported" | "unknown_model" | "unknown_lora" | "unknown_control" | "unknown_upscaler" | "unknown_reference_model" | "invalid_image" | "image_required" | "mask_required" | "empty_mask" | "too_few_steps" | "too_much_work" | "image_url_failed" | "source_unavailable" | "idempotency_mismatch" | "no_webhook_secret" | "webhook_url_refused" | "rate_limited" | "too_many_jobs" | "too_many_secrets" | "quota_exceeded" | "storage_quota" | "internal_error" | "queue_unavailable" | "queue_full" | "no_worker" | "overloaded" | "enqueue_unknown" | "storage_unavailable" | "draining" | "engine_crashed" | "timed_out" | "out_of_memory" | "device_error" | "bad_output" | "model_unusable" | "input_lost";
            message: string;
            retryable: boolean;
        };
        JobWarning: {
            code: string;
            message: string;
        };
        JobMetrics: {
            queue_ms: number;
            load_ms: number;
            encode_ms: number;
            denoise_ms: number;
            decode_ms: number;
            shape_warmup_ms: number;
            upload_ms: number;
            total_ms: number;
            steps_per_second: number | null;
            model_calls: number;
            attempts: number;
        };
        JobSource: {
            /** @example job_h5b2tqf6kzj3w4yx7acndlme2o */
            job: string;
            index: number;
        };
        JobUrls: {
            /** Format: uri */
            self: string;
            /** Format: uri */
            cancel: string;
            /** Format: uri */
            events: string;
            /**
             * Format: uri
             * @description opens without a key, until `signed_until`
             */
            events_signed: string;
        };
        Txt2imgParameters: {
            prompt: string;
            negative_prompt: string;
            width: number;
            height: number;
            steps: number;
            /** @description of no effect: all steps run */
            step_policy: string | null;
            /** @enum {string} */
            sampler: "euler" | "euler_a" | "heun" | "dpm2" | "dpm2_a" | "lms" | "ddim" | "unipc" | "pndm" | "lcm" | "dpmpp_2m" | "dpmpp_2m_sde" | "dpmpp_2s_a" | "dpmpp_sde" | "dpmpp_3m_sde";
            /** @enum {string} */
            schedule: "automatic" | "model" | "uniform" | "normal" | "karras" | "exponential" | "polyexponential" | "sgm_uniform" | "simple" | "ddim" | "beta" | "kl_optimal" | "align_your_steps";
            guidance_scale: number;
            guidance_rescale: number;
            clip_skip: number;
            seed: number;
            num_images: number;
            variation_seed: number | null;
            variation_strength: number;
            /** @enum {string} */
            rng: "cpu" | "nv";
            /** @enum {string} */
            semantics: "a1111" | "diffusers";
            /** @default [] */
            loras: components["schemas"]["Lora"][];
            /** @default null */
            reference_model: string | null;
            /** @default null */
            reference_scale: number | null;
            /** @default null */
            control_model: string | null;
            /** @default null */
            control_scale: number | null;
            /** @default null */
            control_start: number | null;
            /** @default null */
            control_end: number | null;
            /** @default null */
            control_type: ("openpose" | "depth" | "scribble" | "lineart" | "normal" | "segment" | "tile" | "inpaint") | null;
            /** @default null */
            control_preprocessor: ("none" | "canny" | "invert" | "inpaint") | null;
            /** @default null */
            control_canny_low: number | null;
            /** @default null */
            control_canny_high: number | null;
            /** @default null */
            control_2_model: string | null;
            /** @default null */
            control_2_scale: number | null;
            /** @default null */
            control_2_start: number | null;
            /** @default null */
            control_2_end: number | null;
            /** @default null */
            control_2_type: ("openpose" | "depth" | "scribble" | "lineart" | "normal" | "segment" | "tile" | "inpaint") | null;
            /** @default null */
            control_2_preprocessor: ("none" | "canny" | "invert" | "inpaint") | null;
            /** @default null */
            control_2_canny_low: number | null;
            /** @default null */
            control_2_canny_high: number | null;
            /** @default null */
            control_3_model: string | null;
            /** @default null */
            control_3_scale: number | null;
            /** @default null */
            control_3_start: number | null;
            /** @default null */
            control_3_end: number | null;
            /** @default null */
            control_3_type: ("openpose" | "depth" | "scribble" | "lineart" | "normal" | "segment" | "tile" | "inpaint") | null;
            /** @default null */
            control_3_preprocessor: ("none" | "canny" | "invert" | "inpaint") | null;
            /** @default null */
            control_3_canny_low: number | null;
            /** @default null */
            control_3_canny_high: number | null;
            /** @default 1 */
            upscale: number;
            /** @default null */
            upscaler: string | null;
            /** @default 0 */
            hires_strength: number;
            /** @default null */
            hires_steps: number | null;
            /** @enum {string} */
            output_format: "png" | "jpeg" | "webp";
            output_quality: number | null;
            embed_metadata: boolean;
        };
        Txt2imgJob: {
            /** @example job_h5b2tqf6kzj3w4yx7acndlme2o */
            id: string;
            /** @enum {string} */
            status: "queued" | "processing" | "succeeded" | "failed" | "canceled" | "expired";
            model: string;
            /** @description the result that this job began from (`image_job`) */
            source: components["schemas"]["JobSource"] | null;
            /** Format: date-time */
            created_at: string;
            started_at: string | null;
            finished_at: string | null;
            expires_at: string | null;
            cancel_requested_at: string | null;
            queue_position: number | null;
            eta_seconds: number | null;
            progress: components["schemas"]["Progress"] | null;
            /** @description sampler steps that really run, of each image */
            steps_run: number;
            images: components["schemas"]["JobImage"][];
            error: components["schemas"]["JobError"] | null;
            warnings: components["schemas"]["JobWarning"][];
            metrics: components["schemas"]["JobMetrics"] | null;
            metadata: {
                [key: string]: unknown;
            };
            urls: components["schemas"]["JobUrls"];
            /** @description null on a server without keys, and for a key without the scope `read` */
            signed_until: string | null;
            /** @constant */
            kind: "txt2img";
            parameters: components["schemas"]["Txt2imgParameters"];
        };
        Img2imgParameters: {
            prompt: string;
            negative_prompt: string;
            width: number;
            height: number;
            /** @enum {string} */
            resize_mode: "stretch" | "crop" | "fill" | "latent";
            strength: number;
            steps: number;
            /** @enum {string} */
            step_policy: "proportional" | "exact";
            /** @enum {string} */
            sampler: "euler" | "euler_a" | "heun" | "dpm2" | "dpm2_a" | "lms" | "ddim" | "unipc" | "pndm" | "lcm" | "dpmpp_2m" | "dpmpp_2m_sde" | "dpmpp_2s_a" | "dpmpp_sde" | "dpmpp_3m_sde";
            /** @enum {string} */
            schedule: "automatic" | "model" | "uniform" | "normal" | "karras" | "exponential" | "polyexponential" | "sgm_uniform" | "simple" | "ddim" | "beta" | "kl_optimal" | "align_your_steps";
            guidance_scale: number;
            guidance_rescale: number;
            clip_skip: number;
            seed: number;
            num_images: number;
            variation_seed: number | null;
            variation_strength: number;
            /** @enum {string} */
            rng: "cpu" | "nv";
            /** @enum {string} */
            semantics: "a1111" | "diffusers";
            color_correction: boolean;
            /** @default [] */
            loras: components["schemas"]["Lora"][];
            /** @default null */
            reference_model: string | null;
            /** @default null */
            reference_scale: number | null;
            /** @default null */
            control_model: string | null;
            /** @default null */
            control_scale: number | null;
            /** @default null */
            control_start: number | null;
            /** @default null */
            control_end: number | null;
            /** @default null */
            control_type: ("openpose" | "depth" | "scribble" | "lineart" | "normal" | "segment" | "tile" | "inpaint") | null;
            /** @default null */
            control_preprocessor: ("none" | "canny" | "invert" | "inpaint") | null;
            /** @default null */
            control_canny_low: number | null;
            /** @default null */
            control_canny_high: number | null;
            /** @default null */
            control_2_model: string | null;
            /** @default null */
            control_2_scale: number | null;
            /** @default null */
            control_2_start: number | null;
            /** @default null */
            control_2_end: number | null;
            /** @default null */
            control_2_type: ("openpose" | "depth" | "scribble" | "lineart" | "normal" | "segment" | "tile" | "inpaint") | null;
            /** @default null */
            control_2_preprocessor: ("none" | "canny" | "invert" | "inpaint") | null;
            /** @default null */
            control_2_canny_low: number | null;
            /** @default null */
            control_2_canny_high: number | null;
            /** @default null */
            control_3_model: string | null;
            /** @default null */
            control_3_scale: number | null;
            /** @default null */
            control_3_start: number | null;
            /** @default null */
            control_3_end: number | null;
            /** @default null */
            control_3_type: ("openpose" | "depth" | "scribble" | "lineart" | "normal" | "segment" | "tile" | "inpaint") | null;
            /** @default null */
            control_3_preprocessor: ("none" | "canny" | "invert" | "inpaint") | null;
            /** @default null */
            control_3_canny_low: number | null;
            /** @default null */
            control_3_canny_high: number | null;
            /** @default 1 */
            upscale: number;
            /** @default null */
            upscaler: string | null;
            /** @default 0 */
            hires_strength: number;
            /** @default null */
            hires_steps: number | null;
            /** @enum {string} */
            output_format: "png" | "jpeg" | "webp";
            output_quality: number | null;
            embed_metadata: boolean;
        };
        Img2imgJob: {
            /** @example job_h5b2tqf6kzj3w4yx7acndlme2o */
            id: string;
            /** @enum {string} */
            status: "queued" | "processing" | "succeeded" | "failed" | "canceled" | "expired";
            model: string;
            /** @description the result that this job began from (`image_job`) */
            source: components["schemas"]["JobSource"] | null;
            /** Format: date-time */
            created_at: string;
            started_at: string | null;
            finished_at: string | null;
            expires_at: string | null;
            cancel_requested_at: string | null;
            queue_position: number | null;
            eta_seconds: number | null;
            progress: components["schemas"]["Progress"] | null;
            /** @description sampler steps that really run, of each image */
            steps_run: number;
            images: components["schemas"]["JobImage"][];
            error: components["schemas"]["JobError"] | null;
            warnings: components["schemas"]["JobWarning"][];
            metrics: components["schemas"]["JobMetrics"] | null;
            metadata: {
                [key: string]: unknown;
            };
            urls: components["schemas"]["JobUrls"];
            /** @description null on a server without keys, and for a key without the scope `read` */
            signed_until: string | null;
            /** @constant */
            kind: "img2img";
            parameters: components["schemas"]["Img2imgParameters"];
        };
        InpaintParameters: {
            prompt: string;
            negative_prompt: string;
            width: number;
            height: number;
            /** @enum {string} */
            resize_mode: "stretch" | "crop" | "fill" | "latent";
            strength: number;
            steps: number;
            /** @enum {string} */
            step_policy: "proportional" | "exact";
            /** @enum {string} */
            sampler: "euler" | "euler_a" | "heun" | "dpm2" | "dpm2_a" | "lms" | "ddim" | "unipc" | "pndm" | "lcm" | "dpmpp_2m" | "dpmpp_2m_sde" | "dpmpp_2s_a" | "dpmpp_sde" | "dpmpp_3m_sde";
            /** @enum {string} */
            schedule: "automatic" | "model" | "uniform" | "normal" | "karras" | "exponential" | "polyexponential" | "sgm_uniform" | "simple" | "ddim" | "beta" | "kl_optimal" | "align_your_steps";
            guidance_scale: number;
            guidance_rescale: number;
            clip_skip: number;
            seed: number;
            num_images: number;
            variation_seed: number | null;
            variation_strength: number;
            /** @enum {string} */
            rng: "cpu" | "nv";
            /** @enum {string} */
            semantics: "a1111" | "diffusers";
            color_correction: boolean;
            /** @default [] */
            loras: components["schemas"]["Lora"][];
            /** @default null */
            reference_model: string | null;
            /** @default null */
            reference_scale: number | null;
            /** @default null */
            control_model: string | null;
            /** @default null */
            control_scale: number | null;
            /** @default null */
            control_start: number | null;
            /** @default null */
            control_end: number | null;
            /** @default null */
            control_type: ("openpose" | "depth" | "scribble" | "lineart" | "normal" | "segment" | "tile" | "inpaint") | null;
            /** @default null */
            control_preprocessor: ("none" | "canny" | "invert" | "inpaint") | null;
            /** @default null */
            control_canny_low: number | null;
            /** @default null */
            control_canny_high: number | null;
            /** @default null */
            control_2_model: string | null;
            /** @default null */
            control_2_scale: number | null;
            /** @default null */
            control_2_start: number | null;
            /** @default null */
            control_2_end: number | null;
            /** @default null */
            control_2_type: ("openpose" | "depth" | "scribble" | "lineart" | "normal" | "segment" | "tile" | "inpaint") | null;
            /** @default null */
            control_2_preprocessor: ("none" | "canny" | "invert" | "inpaint") | null;
            /** @default null */
            control_2_canny_low: number | null;
            /** @default null */
            control_2_canny_high: number | null;
            /** @default null */
            control_3_model: string | null;
            /** @default null */
            control_3_scale: number | null;
            /** @default null */
            control_3_start: number | null;
            /** @default null */
            control_3_end: number | null;
            /** @default null */
            control_3_type: ("openpose" | "depth" | "scribble" | "lineart" | "normal" | "segment" | "tile" | "inpaint") | null;
            /** @default null */
            control_3_preprocessor: ("none" | "canny" | "invert" | "inpaint") | null;
            /** @default null */
            control_3_canny_low: number | null;
            /** @default null */
            control_3_canny_high: number | null;
            /** @default 1 */
            upscale: number;
            /** @default null */
            upscaler: string | null;
            /** @default 0 */
            hires_strength: number;
            /** @default null */
            hires_steps: number | null;
            /** @enum {string} */
            output_format: "png" | "jpeg" | "webp";
            output_quality: number | null;
            embed_metadata: boolean;
            /** @enum {string} */
            mask_mode: "white" | "black" | "alpha";
            mask_grow: number;
            mask_blur: number;
            /** @enum {string} */
            masked_content: "original" | "fill" | "noise" | "empty";
            /** @enum {string} */
            inpaint_area: "whole" | "masked";
            mask_padding: number | null;
            composite: boolean;
            soft: boolean;
            /** @default 0 */
            extend_left: number;
            /** @default 0 */
            extend_top: number;
            /** @default 0 */
            extend_right: number;
            /** @default 0 */
            extend_bottom: number;
        };
        InpaintJob: {
            /** @example job_h5b2tqf6kzj3w4yx7acndlme2o */
            id: string;
            /** @enum {string} */
            status: "queued" | "processing" | "succeeded" | "failed" | "canceled" | "expired";
            model: string;
            /** @description the result that this job began from (`image_job`) */
            source: components["schemas"]["JobSource"] | null;
            /** Format: date-time */
            created_at: string;
            started_at: string | null;
            finished_at: string | null;
            expires_at: string | null;
            cancel_requested_at: string | null;
            queue_position: number | null;
            eta_seconds: number | null;
            progress: components["schemas"]["Progress"] | null;
            /** @description sampler steps that really run, of each image */
            steps_run: number;
            images: components["schemas"]["JobImage"][];
            error: components["schemas"]["JobError"] | null;
            warnings: components["schemas"]["JobWarning"][];
            metrics: components["schemas"]["JobMetrics"] | null;
            metadata: {
                [key: string]: unknown;
            };
            urls: components["schemas"]["JobUrls"];
            /** @description null on a server without keys, and for a key without the scope `read` */
            signed_until: string | null;
            /** @constant */
            kind: "inpaint";
            parameters: components["schemas"]["InpaintParameters"];
        };
        Job: components["schemas"]["Txt2imgJob"] | components["schemas"]["Img2imgJob"] | components["schemas"]["InpaintJob"];
        Preview: {
            /** @description which of the job's pictures; they take turns */
            index: number;
            step: number;
            /** @constant */
            content_type: "image/webp";
            /** @description at most 256 pixels wide and high, in base64 */
            data: string;
        };
        JobStreamEvent: {
            /** @constant */
            event: "job";
            data: components["schemas"]["Job"];
        };
        ProgressStreamEvent: {
            /** @constant */
            event: "progress";
            data: components["schemas"]["Progress"];
        };
        PreviewStreamEvent: {
            /** @constant */
            event: "preview";
            data: components["schemas"]["Preview"];
        };
        /** @description One event: what stands behind `event:`, and the JSON behind `data:` */
        StreamEvent: components["schemas"]["JobStreamEvent"] | components["schemas"]["ProgressStreamEvent"] | components["schemas"]["PreviewStreamEvent"];
        Key: {
            /** @description the public part of the key, safe in logs */
            id: string;
            tenant: string;
            scopes: ("submit" | "read" | "admin")[];
            limits: {
                /** @description share of the service relative to other tenants (1) */
                weight?: number;
                /** @description jobs accepted and not ended */
                max_jobs?: number;
                /** @description jobs that wait */
                max_queued?: number;
                /** @description megapixel-steps per UTC day */
                daily_work?: number;
                /** @description megabytes that jobs keep, 0.1 for each record */
                max_storage?: number;
                requests_per_minute?: number;
                allowed_models?: string[];
                /** @description width × height of one image */
                max_pixels?: number;
                max_steps?: number;
                /**
                 * @description whether unsafe results are flagged or blocked, in the place of what the service does (SAFETY_CHECKER)
                 * @enum {string}
                 */
                safety?: "off" | "flag" | "block";
            };
            created_at: string;
            expires_at: string | null;
            revoked_at: string | null;
            last_used_at: string | null;
        };
        Delivery: {
            /** @description the `webhook-id` header, the same in every attempt */
            id: string;
            /** @enum {string} */
            type: "job.started" | "job.progress" | "job.succeeded" | "job.failed" | "job.canceled" | "job.expired" | "test";
            /** Format: uri */
            url: string;
            /** @enum {string} */
            state: "pending" | "delivered" | "failed" | "stopped";
            created_at: string;
            next_attempt_at: string | null;
            attempts: {
                attempt: number;
                at: string;
                status: number | null;
                duration_ms: number;
                /** @description the first kilobyte of the answer */
                response: string;
                error: string | null;
            }[];
        };
        WebhookEvent: {
            /** @enum {string} */
            type: "job.started" | "job.progress" | "job.succeeded" | "job.failed" | "job.canceled" | "job.expired";
            /** Format: date-time */
            timestamp: string;
            data: components["schemas"]["Job"];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export interface operations {
    live: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "ok";
                    };
                };
            };
            /** @description `invalid_request`: The request cannot be read. */
            400: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `foreign_page`: A page of another origin may not do this. */
            403: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `misdirected_request`: This server does not answer under this name. */
            421: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side. */
            500: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. `storage_unavailable`: The storage cannot be reached. `draining`: This server is shutting down. */
            503: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "ok";
                    };
                };
            };
            /** @description `invalid_request`: The request cannot be read. */
            400: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `foreign_page`: A page of another origin may not do this. */
            403: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `misdirected_request`: This server does not answer under this name. */
            421: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side. */
            500: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. `storage_unavailable`: The storage cannot be reached. `draining`: This server is shutting down. */
            503: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    txt2img: {
        parameters: {
            query?: {
                /** @description the same as `Prefer: wait=n`, and stronger where both are sent */
                wait?: number;
            };
            header?: {
                /** @description a repeat with the same key within 24 h gives the same job */
                "idempotency-key"?: string;
                /** @description `wait=n`: wait up to n (at most 60) seconds for the end of the job */
                prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "prompt": "a photo of a strawberry",
                 *       "width": 64,
                 *       "height": 64,
                 *       "steps": 8,
                 *       "seed": 7
                 *     }
                 */
                "multipart/form-data": {
                    /** @description A model's id from `/v1/models`. Omitted: the server's default. */
                    model?: string;
                    /** @description What the picture shall show; may be empty. Under `a1111` words are weighed as there, (word:1.3), from -10 to 10 times. `[from:to:when]`, `[a|b]` and `AND` change and join prompts as there. */
                    prompt: string;
                    /**
                     * @description What it shall not show.
                     * @default
                     */
                    negative_prompt?: string;
                    /** @description Pixels. Both sides omitted: the input's shape at the model's native area (`diffusers`: the input's size); one given: the other follows the shape. A side that comes out too short or too long for the model is refused. */
                    width?: number;
                    /** @description As `width`. */
                    height?: number;
                    /** @description Steps of the whole schedule; how many run depends on `strength`. Omitted: the model's own default, else 25. */
                    steps?: number;
                    /** @description One of euler, euler_a, heun, dpm2, dpm2_a, lms, ddim, unipc, pndm, lcm, dpmpp_2m, dpmpp_2m_sde, dpmpp_2s_a, dpmpp_sde, dpmpp_3m_sde, or what AUTOMATIC1111 or diffusers call it, with or without a schedule: "DPM++ 2M Karras". Omitted: the model's own default, else dpmpp_2m. */
                    sampler?: string | ("euler" | "euler_a" | "heun" | "dpm2" | "dpm2_a" | "lms" | "ddim" | "unipc" | "pndm" | "lcm" | "dpmpp_2m" | "dpmpp_2m_sde" | "dpmpp_2s_a" | "dpmpp_sde" | "dpmpp_3m_sde");
                    /** @description One of automatic, model, uniform, normal, karras, exponential, polyexponential, sgm_uniform, simple, ddim, beta, kl_optimal, align_your_steps. `automatic` is what the sampler has in AUTOMATIC1111, or `model` under `diffusers`. Omitted: the model's own default, else automatic. */
                    schedule?: string | ("automatic" | "model" | "uniform" | "normal" | "karras" | "exponential" | "polyexponential" | "sgm_uniform" | "simple" | "ddim" | "beta" | "kl_optimal" | "align_your_steps");
                    /** @description How strongly the prompt pulls; 1 leaves `negative_prompt` out. Omitted: the model's own default, else 7. */
                    guidance_scale?: number;
                    /**
                     * @description Takes back the contrast that high guidance adds.
                     * @default 0
                     */
                    guidance_rescale?: number;
                    /**
                     * @description From which layer of the text encoder, counted from the last, the prompt is read.
                     * @default 1
                     */
                    clip_skip?: number;
                    /**
                     * @description Of the first image; image i uses seed + i. -1: drawn now and shown in `parameters`.
                     * @default -1
                     */
                    seed?: number;
                    /** @default 1 */
                    num_images?: number;
                    /**
                     * @description With `variation_strength`: image i uses variation_seed + i, and all share `seed`. -1: drawn now.
                     * @default -1
                     */
                    variation_seed?: number;
                    /**
                     * @description How far the noise leaves that of `seed` for that of `variation_seed`.
                     * @default 0
                     */
                    variation_strength?: number;
                    /**
                     * @description `cpu`: torch's generator on the CPU; `nv`: that of CUDA devices.
                     * @default cpu
                     * @enum {string}
                     */
                    rng?: "cpu" | "nv";
                    /**
                     * @description Whose way of counting steps, blending masks and reading prompts is followed.
                     * @default a1111
                     * @enum {string}
                     */
                    semantics?: "a1111" | "diffusers";
                    /**
                     * @description `proportional`: strength shortens the run; `exact`: `steps` always run.
                     * @default proportional
                     * @enum {string}
                     */
                    step_policy?: "proportional" | "exact";
                    /**
                     * @description JSON: `[{"name", "weight", "text_weight"}]`, LoRAs by the names that `/v1/models` lists. `weight` (1) counts in the UNet, `text_weight` (as `weight`) in the text encoders; negative ones turn a LoRA round. Under `a1111` also `<lora:name:weight>` in the prompt.
                     * @default []
                     */
                    loras?: {
                        name: string;
                        /** @default 1 */
                        weight?: number;
                        text_weight?: number;
                    }[];
                    /**
                     * Format: uri
                     * @description Instead of `reference_image`: where to fetch it, as `image_url`.
                     */
                    reference_image_url?: string;
                    /** @description Instead of `reference_image`: a result of an earlier job of yours, as `image_job`. */
                    reference_image_job?: string;
                    /** @description The IP-Adapter that reads `reference_image`, by the name that `/v1/models` lists. Omitted: the only one that goes with the model. */
                    reference_model?: string;
                    /**
                     * @description How strongly `reference_image` counts beside the prompt.
                     * @default 0.6
                     */
                    reference_scale?: number;
                    /**
                     * Format: uri
                     * @description Instead of `control_image`, as `image_url`.
                     */
                    control_image_url?: string;
                    /** @description Instead of `control_image`, as `image_job`. */
                    control_image_job?: string;
                    /**
                     * Format: uri
                     * @description Instead of `control_2_image`, as `image_url`.
                     */
                    control_2_image_url?: string;
                    /** @description Instead of `control_2_image`, as `image_job`. */
                    control_2_image_job?: string;
                    /**
                     * Format: uri
                     * @description Instead of `control_3_image`, as `image_url`.
                     */
                    control_3_image_url?: string;
                    /** @description Instead of `control_3_image`, as `image_job`. */
                    control_3_image_job?: string;
                    /** @description A ControlNet or T2I-Adapter, by the name that `/v1/models` lists, that holds the result to the control image. Omitted: none. */
                    control_model?: string;
                    /**
                     * @description How strongly it counts.
                     * @default 1
                     */
                    control_scale?: number;
                    /**
                     * @description From which share of the steps on.
                     * @default 0
                     */
                    control_start?: number;
                    /**
                     * @description Up to which share of the steps.
                     * @default 1
                     */
                    control_end?: number;
                    /**
                     * @description For a union ControlNet alone: what kind of picture it is given. `scribble` are thick soft lines (HED, PiDiNet), `lineart` thin ones (Canny, MLSD), `segment` areas of one colour each; `/v1/models` says which of them a file has. Omitted: `lineart` with `canny`, `inpaint` with the preprocessor of that name, else it must be sent.
                     * @enum {string}
                     */
                    control_type?: "openpose" | "depth" | "scribble" | "lineart" | "normal" | "segment" | "tile" | "inpaint";
                    /**
                     * @description What is made of the control image: nothing; its edges, white on black (OpenCV's Canny); its negative; or, for an inpaint ControlNet, what the mask repaints is left open. Omitted: `inpaint` where a mask is there and the ControlNet's name or the type says so, else `none`.
                     * @enum {string}
                     */
                    control_preprocessor?: "none" | "canny" | "invert" | "inpaint";
                    /**
                     * @description Of `canny`: what changes less than that is no edge. OpenCV's first threshold.
                     * @default 100
                     */
                    control_canny_low?: number;
                    /**
                     * @description Of `canny`: what changes more than that is one, and what hangs together with it. OpenCV's second threshold.
                     * @default 200
                     */
                    control_canny_high?: number;
                    /** @description As `control_model`, of control 2. */
                    control_2_model?: string;
                    /**
                     * @description As `control_scale`, of control 2.
                     * @default 1
                     */
                    control_2_scale?: number;
                    /**
                     * @description As `control_start`, of control 2.
                     * @default 0
                     */
                    control_2_start?: number;
                    /**
                     * @description As `control_end`, of control 2.
                     * @default 1
                     */
                    control_2_end?: number;
                    /**
                     * @description As `control_type`, of control 2.
                     * @enum {string}
                     */
                    control_2_type?: "openpose" | "depth" | "scribble" | "lineart" | "normal" | "segment" | "tile" | "inpaint";
                    /**
                     * @description As `control_preprocessor`, of control 2.
                     * @enum {string}
                     */
                    control_2_preprocessor?: "none" | "canny" | "invert" | "inpaint";
                    /**
                     * @description As `control_canny_low`, of control 2.
                     * @default 100
                     */
                    control_2_canny_low?: number;
                    /**
                     * @description As `control_canny_high`, of control 2.
                     * @default 200
                     */
                    control_2_canny_high?: number;
                    /** @description As `control_model`, of control 3. */
                    control_3_model?: string;
                    /**
                     * @description As `control_scale`, of control 3.
                     * @default 1
                     */
                    control_3_scale?: number;
                    /**
                     * @description As `control_start`, of control 3.
                     * @default 0
                     */
                    control_3_start?: number;
                    /**
                     * @description As `control_end`, of control 3.
                     * @default 1
                     */
                    control_3_end?: number;
                    /**
                     * @description As `control_type`, of control 3.
                     * @enum {string}
                     */
                    control_3_type?: "openpose" | "depth" | "scribble" | "lineart" | "normal" | "segment" | "tile" | "inpaint";
                    /**
                     * @description As `control_preprocessor`, of control 3.
                     * @enum {string}
                     */
                    control_3_preprocessor?: "none" | "canny" | "invert" | "inpaint";
                    /**
                     * @description As `control_canny_low`, of control 3.
                     * @default 100
                     */
                    control_3_canny_low?: number;
                    /**
                     * @description As `control_canny_high`, of control 3.
                     * @default 200
                     */
                    control_3_canny_high?: number;
                    /**
                     * @description How many times as long each side of the result becomes after painting.
                     * @default 1
                     */
                    upscale?: number;
                    /**
                     * @description What enlarges it: `lanczos`, or an upscaler by the name that `/v1/models` lists.
                     * @default lanczos
                     */
                    upscaler?: string;
                    /**
                     * @description Above 0 the enlarged picture is painted once more at its size, with this strength (AUTOMATIC1111's hires. fix).
                     * @default 0
                     */
                    hires_strength?: number;
                    /** @description Steps of that, all of which run. Omitted: as `steps`. */
                    hires_steps?: number;
                    /**
                     * @default png
                     * @enum {string}
                     */
                    output_format?: "png" | "jpeg" | "webp";
                    /**
                     * @description Of JPEG and WebP.
                     * @default 90
                     */
                    output_quality?: number;
                    /**
                     * @description Writes the parameters into the files.
                     * @default true
                     */
                    embed_metadata?: boolean;
                    /**
                     * Format: uri
                     * @description Where events of the job are sent, signed: an https URL with port 443 or 8443.
                     */
                    webhook_url?: string;
                    /** @description Comma-separated, of job.started, job.progress, job.succeeded, job.failed, job.canceled, job.expired. Omitted: job.succeeded, job.failed, job.canceled, job.expired. */
                    webhook_events?: string | string[];
                    /** @description A JSON object of yours, at most 4096 bytes and 32 levels; shown with the job. */
                    metadata?: {
                        [key: string]: unknown;
                    };
                    /**
                     * @description Seconds from the end of the job until it is erased.
                     * @default 86400
                     */
                    expires_in?: number;
                    /**
                     * @description Seconds from now within which the job must start.
                     * @default 3600
                     */
                    deadline?: number;
                    /**
                     * Format: binary
                     * @description A picture that the painted ones shall resemble: as `image`, of any size. Only models of .safetensors take it.
                     */
                    reference_image?: string;
                    /**
                     * Format: binary
                     * @description As `image`: what `control_model` looks at, fitted as `image` is. Omitted: `image` itself, where there is one.
                     */
                    control_image?: string;
                    /**
                     * Format: binary
                     * @description As `image`: what `control_2_model` looks at, fitted as `image` is. Omitted: `image` itself, where there is one.
                     */
                    control_2_image?: string;
                    /**
                     * Format: binary
                     * @description As `image`: what `control_3_model` looks at, fitted as `image` is. Omitted: `image` itself, where there is one.
                     */
                    control_3_image?: string;
                };
                /**
                 * @example {
                 *       "prompt": "a photo of a strawberry",
                 *       "width": 64,
                 *       "height": 64,
                 *       "steps": 8,
                 *       "seed": 7
                 *     }
                 */
                "application/json": {
                    /** @description A model's id from `/v1/models`. Omitted: the server's default. */
                    model?: string;
                    /** @description What the picture shall show; may be empty. Under `a1111` words are weighed as there, (word:1.3), from -10 to 10 times. `[from:to:when]`, `[a|b]` and `AND` change and join prompts as there. */
                    prompt: string;
                    /**
                     * @description What it shall not show.
                     * @default
                     */
                    negative_prompt?: string;
                    /** @description Pixels. Both sides omitted: the input's shape at the model's native area (`diffusers`: the input's size); one given: the other follows the shape. A side that comes out too short or too long for the model is refused. */
                    width?: number;
                    /** @description As `width`. */
                    height?: number;
                    /** @description Steps of the whole schedule; how many run depends on `strength`. Omitted: the model's own default, else 25. */
                    steps?: number;
                    /** @description One of euler, euler_a, heun, dpm2, dpm2_a, lms, ddim, unipc, pndm, lcm, dpmpp_2m, dpmpp_2m_sde, dpmpp_2s_a, dpmpp_sde, dpmpp_3m_sde, or what AUTOMATIC1111 or diffusers call it, with or without a schedule: "DPM++ 2M Karras". Omitted: the model's own default, else dpmpp_2m. */
                    sampler?: string | ("euler" | "euler_a" | "heun" | "dpm2" | "dpm2_a" | "lms" | "ddim" | "unipc" | "pndm" | "lcm" | "dpmpp_2m" | "dpmpp_2m_sde" | "dpmpp_2s_a" | "dpmpp_sde" | "dpmpp_3m_sde");
                    /** @description One of automatic, model, uniform, normal, karras, exponential, polyexponential, sgm_uniform, simple, ddim, beta, kl_optimal, align_your_steps. `automatic` is what the sampler has in AUTOMATIC1111, or `model` under `diffusers`. Omitted: the model's own default, else automatic. */
                    schedule?: string | ("automatic" | "model" | "uniform" | "normal" | "karras" | "exponential" | "polyexponential" | "sgm_uniform" | "simple" | "ddim" | "beta" | "kl_optimal" | "align_your_steps");
                    /** @description How strongly the prompt pulls; 1 leaves `negative_prompt` out. Omitted: the model's own default, else 7. */
                    guidance_scale?: number;
                    /**
                     * @description Takes back the contrast that high guidance adds.
                     * @default 0
                     */
                    guidance_rescale?: number;
                    /**
                     * @description From which layer of the text encoder, counted from the last, the prompt is read.
                     * @default 1
                     */
                    clip_skip?: number;
                    /**
                     * @description Of the first image; image i uses seed + i. -1: drawn now and shown in `parameters`.
                     * @default -1
                     */
                    seed?: number;
                    /** @default 1 */
                    num_images?: number;
                    /**
                     * @description With `variation_strength`: image i uses variation_seed + i, and all share `seed`. -1: drawn now.
                     * @default -1
                     */
                    variation_seed?: number;
                    /**
                     * @description How far the noise leaves that of `seed` for that of `variation_seed`.
                     * @default 0
                     */
                    variation_strength?: number;
                    /**
                     * @description `cpu`: torch's generator on the CPU; `nv`: that of CUDA devices.
                     * @default cpu
                     * @enum {string}
                     */
                    rng?: "cpu" | "nv";
                    /**
                     * @description Whose way of counting steps, blending masks and reading prompts is followed.
                     * @default a1111
                     * @enum {string}
                     */
                    semantics?: "a1111" | "diffusers";
                    /**
                     * @description `proportional`: strength shortens the run; `exact`: `steps` always run.
                     * @default proportional
                     * @enum {string}
                     */
                    step_policy?: "proportional" | "exact";
                    /**
                     * @description JSON: `[{"name", "weight", "text_weight"}]`, LoRAs by the names that `/v1/models` lists. `weight` (1) counts in the UNet, `text_weight` (as `weight`) in the text encoders; negative ones turn a LoRA round. Under `a1111` also `<lora:name:weight>` in the prompt.
                     * @default []
                     */
                    loras?: {
                        name: string;
                        /** @default 1 */
                        weight?: number;
                        text_weight?: number;
                    }[];
                    /**
                     * Format: uri
                     * @description Instead of `reference_image`: where to fetch it, as `image_url`.
                     */
                    reference_image_url?: string;
                    /** @description Instead of `reference_image`: a result of an earlier job of yours, as `image_job`. */
                    reference_image_job?: string;
                    /** @description The IP-Adapter that reads `reference_image`, by the name that `/v1/models` lists. Omitted: the only one that goes with the model. */
                    reference_model?: string;
                    /**
                     * @description How strongly `reference_image` counts beside the prompt.
                     * @default 0.6
                     */
                    reference_scale?: number;
                    /**
                     * Format: uri
                     * @description Instead of `control_image`, as `image_url`.
                     */
                    control_image_url?: string;
                    /** @description Instead of `control_image`, as `image_job`. */
                    control_image_job?: string;
                    /**
                     * Format: uri
                     * @description Instead of `control_2_image`, as `image_url`.
                     */
                    control_2_image_url?: string;
                    /** @description Instead of `control_2_image`, as `image_job`. */
                    control_2_image_job?: string;
                    /**
                     * Format: uri
                     * @description Instead of `control_3_image`, as `image_url`.
                     */
                    control_3_image_url?: string;
                    /** @description Instead of `control_3_image`, as `image_job`. */
                    control_3_image_job?: string;
                    /** @description A ControlNet or T2I-Adapter, by the name that `/v1/models` lists, that holds the result to the control image. Omitted: none. */
                    control_model?: string;
                    /**
                     * @description How strongly it counts.
                     * @default 1
                     */
                    control_scale?: number;
                    /**
                     * @description From which share of the steps on.
                     * @default 0
                     */
                    control_start?: number;
                    /**
                     * @description Up to which share of the steps.
                     * @default 1
                     */
                    control_end?: number;
                    /**
                     * @description For a union ControlNet alone: what kind of picture it is given. `scribble` are thick soft lines (HED, PiDiNet), `lineart` thin ones (Canny, MLSD), `segment` areas of one colour each; `/v1/models` says which of them a file has. Omitted: `lineart` with `canny`, `inpaint` with the preprocessor of that name, else it must be sent.
                     * @enum {string}
                     */
                    control_type?: "openpose" | "depth" | "scribble" | "lineart" | "normal" | "segment" | "tile" | "inpaint";
                    /**
                     * @description What is made of the control image: nothing; its edges, white on black (OpenCV's Canny); its negative; or, for an inpaint ControlNet, what the mask repaints is left open. Omitted: `inpaint` where a mask is there and the ControlNet's name or the type says so, else `none`.
                     * @enum {string}
                     */
                    control_preprocessor?: "none" | "canny" | "invert" | "inpaint";
                    /**
                     * @description Of `canny`: what changes less than that is no edge. OpenCV's first threshold.
                     * @default 100
                     */
                    control_canny_low?: number;
                    /**
                     * @description Of `canny`: what changes more than that is one, and what hangs together with it. OpenCV's second threshold.
                     * @default 200
                     */
                    control_canny_high?: number;
                    /** @description As `control_model`, of control 2. */
                    control_2_model?: string;
                    /**
                     * @description As `control_scale`, of control 2.
                     * @default 1
                     */
                    control_2_scale?: number;
                    /**
                     * @description As `control_start`, of control 2.
                     * @default 0
                     */
                    control_2_start?: number;
                    /**
                     * @description As `control_end`, of control 2.
                     * @default 1
                     */
                    control_2_end?: number;
                    /**
                     * @description As `control_type`, of control 2.
                     * @enum {string}
                     */
                    control_2_type?: "openpose" | "depth" | "scribble" | "lineart" | "normal" | "segment" | "tile" | "inpaint";
                    /**
                     * @description As `control_preprocessor`, of control 2.
                     * @enum {string}
                     */
                    control_2_preprocessor?: "none" | "canny" | "invert" | "inpaint";
                    /**
                     * @description As `control_canny_low`, of control 2.
                     * @default 100
                     */
                    control_2_canny_low?: number;
                    /**
                     * @description As `control_canny_high`, of control 2.
                     * @default 200
                     */
                    control_2_canny_high?: number;
                    /** @description As `control_model`, of control 3. */
                    control_3_model?: string;
                    /**
                     * @description As `control_scale`, of control 3.
                     * @default 1
                     */
                    control_3_scale?: number;
                    /**
                     * @description As `control_start`, of control 3.
                     * @default 0
                     */
                    control_3_start?: number;
                    /**
                     * @description As `control_end`, of control 3.
                     * @default 1
                     */
                    control_3_end?: number;
                    /**
                     * @description As `control_type`, of control 3.
                     * @enum {string}
                     */
                    control_3_type?: "openpose" | "depth" | "scribble" | "lineart" | "normal" | "segment" | "tile" | "inpaint";
                    /**
                     * @description As `control_preprocessor`, of control 3.
                     * @enum {string}
                     */
                    control_3_preprocessor?: "none" | "canny" | "invert" | "inpaint";
                    /**
                     * @description As `control_canny_low`, of control 3.
                     * @default 100
                     */
                    control_3_canny_low?: number;
                    /**
                     * @description As `control_canny_high`, of control 3.
                     * @default 200
                     */
                    control_3_canny_high?: number;
                    /**
                     * @description How many times as long each side of the result becomes after painting.
                     * @default 1
                     */
                    upscale?: number;
                    /**
                     * @description What enlarges it: `lanczos`, or an upscaler by the name that `/v1/models` lists.
                     * @default lanczos
                     */
                    upscaler?: string;
                    /**
                     * @description Above 0 the enlarged picture is painted once more at its size, with this strength (AUTOMATIC1111's hires. fix).
                     * @default 0
                     */
                    hires_strength?: number;
                    /** @description Steps of that, all of which run. Omitted: as `steps`. */
                    hires_steps?: number;
                    /**
                     * @default png
                     * @enum {string}
                     */
                    output_format?: "png" | "jpeg" | "webp";
                    /**
                     * @description Of JPEG and WebP.
                     * @default 90
                     */
                    output_quality?: number;
                    /**
                     * @description Writes the parameters into the files.
                     * @default true
                     */
                    embed_metadata?: boolean;
                    /**
                     * Format: uri
                     * @description Where events of the job are sent, signed: an https URL with port 443 or 8443.
                     */
                    webhook_url?: string;
                    /** @description Comma-separated, of job.started, job.progress, job.succeeded, job.failed, job.canceled, job.expired. Omitted: job.succeeded, job.failed, job.canceled, job.expired. */
                    webhook_events?: string | string[];
                    /** @description A JSON object of yours, at most 4096 bytes and 32 levels; shown with the job. */
                    metadata?: {
                        [key: string]: unknown;
                    };
                    /**
                     * @description Seconds from the end of the job until it is erased.
                     * @default 86400
                     */
                    expires_in?: number;
                    /**
                     * @description Seconds from now within which the job must start.
                     * @default 3600
                     */
                    deadline?: number;
                    /** @description As a `data:` URL or base64. */
                    reference_image?: string;
                    /** @description As a `data:` URL or base64. */
                    control_image?: string;
                    /** @description As a `data:` URL or base64. */
                    control_2_image?: string;
                    /** @description As a `data:` URL or base64. */
                    control_3_image?: string;
                };
                /**
                 * @example {
                 *       "prompt": "a photo of a strawberry",
                 *       "width": 64,
                 *       "height": 64,
                 *       "steps": 8,
                 *       "seed": 7
                 *     }
                 */
                "application/x-www-form-urlencoded": {
                    /** @description A model's id from `/v1/models`. Omitted: the server's default. */
                    model?: string;
                    /** @description What the picture shall show; may be empty. Under `a1111` words are weighed as there, (word:1.3), from -10 to 10 times. `[from:to:when]`, `[a|b]` and `AND` change and join prompts as there. */
                    prompt: string;
                    /**
                     * @description What it shall not show.
                     * @default
                     */
                    negative_prompt?: string;
                    /** @description Pixels. Both sides omitted: the input's shape at the model's native area (`diffusers`: the input's size); one given: the other follows the shape. A side that comes out too short or too long for the model is refused. */
                    width?: number;
                    /** @description As `width`. */
                    height?: number;
                    /** @description Steps of the whole schedule; how many run depends on `strength`. Omitted: the model's own default, else 25. */
                    steps?: number;
                    /** @description One of euler, euler_a, heun, dpm2, dpm2_a, lms, ddim, unipc, pndm, lcm, dpmpp_2m, dpmpp_2m_sde, dpmpp_2s_a, dpmpp_sde, dpmpp_3m_sde, or what AUTOMATIC1111 or diffusers call it, with or without a schedule: "DPM++ 2M Karras". Omitted: the model's own default, else dpmpp_2m. */
                    sampler?: string | ("euler" | "euler_a" | "heun" | "dpm2" | "dpm2_a" | "lms" | "ddim" | "unipc" | "pndm" | "lcm" | "dpmpp_2m" | "dpmpp_2m_sde" | "dpmpp_2s_a" | "dpmpp_sde" | "dpmpp_3m_sde");
                    /** @description One of automatic, model, uniform, normal, karras, exponential, polyexponential, sgm_uniform, simple, ddim, beta, kl_optimal, align_your_steps. `automatic` is what the sampler has in AUTOMATIC1111, or `model` under `diffusers`. Omitted: the model's own default, else automatic. */
                    schedule?: string | ("automatic" | "model" | "uniform" | "normal" | "karras" | "exponential" | "polyexponential" | "sgm_uniform" | "simple" | "ddim" | "beta" | "kl_optimal" | "align_your_steps");
                    /** @description How strongly the prompt pulls; 1 leaves `negative_prompt` out. Omitted: the model's own default, else 7. */
                    guidance_scale?: number;
                    /**
                     * @description Takes back the contrast that high guidance adds.
                     * @default 0
                     */
                    guidance_rescale?: number;
                    /**
                     * @description From which layer of the text encoder, counted from the last, the prompt is read.
                     * @default 1
                     */
                    clip_skip?: number;
                    /**
                     * @description Of the first image; image i uses seed + i. -1: drawn now and shown in `parameters`.
                     * @default -1
                     */
                    seed?: number;
                    /** @default 1 */
                    num_images?: number;
                    /**
                     * @description With `variation_strength`: image i uses variation_seed + i, and all share `seed`. -1: drawn now.
                     * @default -1
                     */
                    variation_seed?: number;
                    /**
                     * @description How far the noise leaves that of `seed` for that of `variation_seed`.
                     * @default 0
                     */
                    variation_strength?: number;
                    /**
                     * @description `cpu`: torch's generator on the CPU; `nv`: that of CUDA devices.
                     * @default cpu
                     * @enum {string}
                     */
                    rng?: "cpu" | "nv";
                    /**
                     * @description Whose way of counting steps, blending masks and reading prompts is followed.
                     * @default a1111
                     * @enum {string}
                     */
                    semantics?: "a1111" | "diffusers";
                    /**
                     * @description `proportional`: strength shortens the run; `exact`: `steps` always run.
                     * @default proportional
                     * @enum {string}
                     */
                    step_policy?: "proportional" | "exact";
                    /**
                     * @description JSON: `[{"name", "weight", "text_weight"}]`, LoRAs by the names that `/v1/models` lists. `weight` (1) counts in the UNet, `text_weight` (as `weight`) in the text encoders; negative ones turn a LoRA round. Under `a1111` also `<lora:name:weight>` in the prompt.
                     * @default []
                     */
                    loras?: {
                        name: string;
                        /** @default 1 */
                        weight?: number;
                        text_weight?: number;
                    }[];
                    /**
                     * Format: uri
                     * @description Instead of `reference_image`: where to fetch it, as `image_url`.
                     */
                    reference_image_url?: string;
                    /** @description Instead of `reference_image`: a result of an earlier job of yours, as `image_job`. */
                    reference_image_job?: string;
                    /** @description The IP-Adapter that reads `reference_image`, by the name that `/v1/models` lists. Omitted: the only one that goes with the model. */
                    reference_model?: string;
                    /**
                     * @description How strongly `reference_image` counts beside the prompt.
                     * @default 0.6
                     */
                    reference_scale?: number;
                    /**
                     * Format: uri
                     * @description Instead of `control_image`, as `image_url`.
                     */
                    control_image_url?: string;
                    /** @description Instead of `control_image`, as `image_job`. */
                    control_image_job?: string;
                    /**
                     * Format: uri
                     * @description Instead of `control_2_image`, as `image_url`.
                     */
                    control_2_image_url?: string;
                    /** @description Instead of `control_2_image`, as `image_job`. */
                    control_2_image_job?: string;
                    /**
                     * Format: uri
                     * @description Instead of `control_3_image`, as `image_url`.
                     */
                    control_3_image_url?: string;
                    /** @description Instead of `control_3_image`, as `image_job`. */
                    control_3_image_job?: string;
                    /** @description A ControlNet or T2I-Adapter, by the name that `/v1/models` lists, that holds the result to the control image. Omitted: none. */
                    control_model?: string;
                    /**
                     * @description How strongly it counts.
                     * @default 1
                     */
                    control_scale?: number;
                    /**
                     * @description From which share of the steps on.
                     * @default 0
                     */
                    control_start?: number;
                    /**
                     * @description Up to which share of the steps.
                     * @default 1
                     */
                    control_end?: number;
                    /**
                     * @description For a union ControlNet alone: what kind of picture it is given. `scribble` are thick soft lines (HED, PiDiNet), `lineart` thin ones (Canny, MLSD), `segment` areas of one colour each; `/v1/models` says which of them a file has. Omitted: `lineart` with `canny`, `inpaint` with the preprocessor of that name, else it must be sent.
                     * @enum {string}
                     */
                    control_type?: "openpose" | "depth" | "scribble" | "lineart" | "normal" | "segment" | "tile" | "inpaint";
                    /**
                     * @description What is made of the control image: nothing; its edges, white on black (OpenCV's Canny); its negative; or, for an inpaint ControlNet, what the mask repaints is left open. Omitted: `inpaint` where a mask is there and the ControlNet's name or the type says so, else `none`.
                     * @enum {string}
                     */
                    control_preprocessor?: "none" | "canny" | "invert" | "inpaint";
                    /**
                     * @description Of `canny`: what changes less than that is no edge. OpenCV's first threshold.
                     * @default 100
                     */
                    control_canny_low?: number;
                    /**
                     * @description Of `canny`: what changes more than that is one, and what hangs together with it. OpenCV's second threshold.
                     * @default 200
                     */
                    control_canny_high?: number;
                    /** @description As `control_model`, of control 2. */
                    control_2_model?: string;
                    /**
                     * @description As `control_scale`, of control 2.
                     * @default 1
                     */
                    control_2_scale?: number;
                    /**
                     * @description As `control_start`, of control 2.
                     * @default 0
                     */
                    control_2_start?: number;
                    /**
                     * @description As `control_end`, of control 2.
                     * @default 1
                     */
                    control_2_end?: number;
                    /**
                     * @description As `control_type`, of control 2.
                     * @enum {string}
                     */
                    control_2_type?: "openpose" | "depth" | "scribble" | "lineart" | "normal" | "segment" | "tile" | "inpaint";
                    /**
                     * @description As `control_preprocessor`, of control 2.
                     * @enum {string}
                     */
                    control_2_preprocessor?: "none" | "canny" | "invert" | "inpaint";
                    /**
                     * @description As `control_canny_low`, of control 2.
                     * @default 100
                     */
                    control_2_canny_low?: number;
                    /**
                     * @description As `control_canny_high`, of control 2.
                     * @default 200
                     */
                    control_2_canny_high?: number;
                    /** @description As `control_model`, of control 3. */
                    control_3_model?: string;
                    /**
                     * @description As `control_scale`, of control 3.
                     * @default 1
                     */
                    control_3_scale?: number;
                    /**
                     * @description As `control_start`, of control 3.
                     * @default 0
                     */
                    control_3_start?: number;
                    /**
                     * @description As `control_end`, of control 3.
                     * @default 1
                     */
                    control_3_end?: number;
                    /**
                     * @description As `control_type`, of control 3.
                     * @enum {string}
                     */
                    control_3_type?: "openpose" | "depth" | "scribble" | "lineart" | "normal" | "segment" | "tile" | "inpaint";
                    /**
                     * @description As `control_preprocessor`, of control 3.
                     * @enum {string}
                     */
                    control_3_preprocessor?: "none" | "canny" | "invert" | "inpaint";
                    /**
                     * @description As `control_canny_low`, of control 3.
                     * @default 100
                     */
                    control_3_canny_low?: number;
                    /**
                     * @description As `control_canny_high`, of control 3.
                     * @default 200
                     */
                    control_3_canny_high?: number;
                    /**
                     * @description How many times as long each side of the result becomes after painting.
                     * @default 1
                     */
                    upscale?: number;
                    /**
                     * @description What enlarges it: `lanczos`, or an upscaler by the name that `/v1/models` lists.
                     * @default lanczos
                     */
                    upscaler?: string;
                    /**
                     * @description Above 0 the enlarged picture is painted once more at its size, with this strength (AUTOMATIC1111's hires. fix).
                     * @default 0
                     */
                    hires_strength?: number;
                    /** @description Steps of that, all of which run. Omitted: as `steps`. */
                    hires_steps?: number;
                    /**
                     * @default png
                     * @enum {string}
                     */
                    output_format?: "png" | "jpeg" | "webp";
                    /**
                     * @description Of JPEG and WebP.
                     * @default 90
                     */
                    output_quality?: number;
                    /**
                     * @description Writes the parameters into the files.
                     * @default true
                     */
                    embed_metadata?: boolean;
                    /**
                     * Format: uri
                     * @description Where events of the job are sent, signed: an https URL with port 443 or 8443.
                     */
                    webhook_url?: string;
                    /** @description Comma-separated, of job.started, job.progress, job.succeeded, job.failed, job.canceled, job.expired. Omitted: job.succeeded, job.failed, job.canceled, job.expired. */
                    webhook_events?: string | string[];
                    /** @description A JSON object of yours, at most 4096 bytes and 32 levels; shown with the job. */
                    metadata?: {
                        [key: string]: unknown;
                    };
                    /**
                     * @description Seconds from the end of the job until it is erased.
                     * @default 86400
                     */
                    expires_in?: number;
                    /**
                     * @description Seconds from now within which the job must start.
                     * @default 3600
                     */
                    deadline?: number;
                    /** @description As a `data:` URL or base64. */
                    reference_image?: string;
                    /** @description As a `data:` URL or base64. */
                    control_image?: string;
                    /** @description As a `data:` URL or base64. */
                    control_2_image?: string;
                    /** @description As a `data:` URL or base64. */
                    control_3_image?: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description The job. */
                    Location?: string;
                    /** @description `true`: an earlier request with this Idempotency-Key was accepted. */
                    "Idempotent-Replayed"?: string;
                    /** @description The wait of `Prefer` that was followed. */
                    "Preference-Applied"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description Default Response */
            202: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description The job. */
                    Location?: string;
                    /** @description `true`: an earlier request with this Idempotency-Key was accepted. */
                    "Idempotent-Replayed"?: string;
                    /** @description The wait of `Prefer` that was followed. */
                    "Preference-Applied"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description `invalid_request`: The request cannot be read. `invalid_multipart`: The multipart body cannot be read. `duplicate_field`: A field was sent twice. */
            400: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: The API key is missing or not valid. */
            401: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `foreign_page`: A page of another origin may not do this. `forbidden`: The API key may not do this. */
            403: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The request took too long to arrive. */
            408: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_in_progress`: A request with this Idempotency-Key is still being accepted. */
            409: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `expired`: The job has expired. `deleted`: The job was deleted. */
            410: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request is too large. */
            413: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The content type is not supported. */
            415: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `misdirected_request`: This server does not answer under this name. */
            421: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_fields`: Some fields are not valid. `not_supported`: This option is not supported. `unknown_model`: There is no such model. `unknown_lora`: There is no such LoRA. `unknown_reference_model`: There is no such IP-Adapter. `unknown_control`: There is no such ControlNet. `invalid_image`: The image cannot be used. `image_required`: An image is required. `mask_required`: A mask is required. `empty_mask`: The mask repaints nothing. `too_few_steps`: No step would run. `too_much_work`: The job is too large. `image_url_failed`: The image could not be fetched. `source_unavailable`: The source job has no such image. `idempotency_mismatch`: This Idempotency-Key was used for another request. `no_webhook_secret`: There is no webhook secret. `webhook_url_refused`: The webhook URL is refused. */
            422: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. `too_many_jobs`: Too many jobs at once. `quota_exceeded`: The day's quota is used up. `storage_quota`: Your jobs keep as much as they may. */
            429: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side. */
            500: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. `queue_full`: The queue is full. `no_worker`: No worker has announced a model yet. `overloaded`: The server is busy with other uploads. `enqueue_unknown`: It is not known whether the job was accepted. `storage_unavailable`: The storage cannot be reached. */
            503: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    img2img: {
        parameters: {
            query?: {
                /** @description the same as `Prefer: wait=n`, and stronger where both are sent */
                wait?: number;
            };
            header?: {
                /** @description a repeat with the same key within 24 h gives the same job */
                "idempotency-key"?: string;
                /** @description `wait=n`: wait up to n (at most 60) seconds for the end of the job */
                prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "prompt": "a photo of a strawberry",
                 *       "width": 64,
                 *       "height": 64,
                 *       "steps": 8,
                 *       "seed": 7,
                 *       "image": "@assets/samples/apple-photo.png",
                 *       "strength": 0.6
                 *     }
                 */
                "multipart/form-data": {
                    /**
                     * Format: binary
                     * @description PNG, JPEG or WebP, one frame, at most 20971520 bytes and 16800000 pixels. This, `image_url` or `image_job`.
                     */
                    image?: string;
                    /**
                     * Format: uri
                     * @description Instead of `image`: where to fetch it, over https or http, from ports 443, 8443, 80 or 8080.
                     */
                    image_url?: string;
                    /** @description Instead of `image`: a result of an earlier job of yours, `<job id>` or `<job id>/<n>`. */
                    image_job?: string;
                    /** @description A model's id from `/v1/models`. Omitted: the server's default. */
                    model?: string;
                    /** @description What the picture shall show; may be empty. Under `a1111` words are weighed as there, (word:1.3), from -10 to 10 times. `[from:to:when]`, `[a|b]` and `AND` change and join prompts as there. */
                    prompt: string;
                    /**
                     * @description What it shall not show.
                     * @default
                     */
                    negative_prompt?: string;
                    /** @description Pixels. Both sides omitted: the input's shape at the model's native area (`diffusers`: the input's size); one given: the other follows the shape. A side that comes out too short or too long for the model is refused. */
                    width?: number;
                    /** @description As `width`. */
                    height?: number;
                    /**
                     * @description How an input of another shape comes to width and height.
                     * @default stretch
                     * @enum {string}
                     */
                    resize_mode?: "stretch" | "crop" | "fill" | "latent";
                    /**
                     * @description How far the result may leave the input: at 0 no step runs, and the picture only goes through the model's VAE, which changes fine detail; 1 leaves it wholly.
                     * @default 0.75
                     */
                    strength?: number;
                    /** @description Steps of the whole schedule; how many run depends on `strength`. Omitted: the model's own default, else 25. */
                    steps?: number;
                    /**
                     * @description `proportional`: strength shortens the run; `exact`: `steps` always run.
                     * @default proportional
                     * @enum {string}
                     */
                    step_policy?: "proportional" | "exact";
                    /** @description One of euler, euler_a, heun, dpm2, dpm2_a, lms, ddim, unipc, pndm, lcm, dpmpp_2m, dpmpp_2m_sde, dpmpp_2s_a, dpmpp_sde, dpmpp_3m_sde, or what AUTOMATIC1111 or diffusers call it, with or without a schedule: "DPM++ 2M Karras". Omitted: the model's own default, else dpmpp_2m. */
                    sampler?: string | ("euler" | "euler_a" | "heun" | "dpm2" | "dpm2_a" | "lms" | "ddim" | "unipc" | "pndm" | "lcm" | "dpmpp_2m" | "dpmpp_2m_sde" | "dpmpp_2s_a" | "dpmpp_sde" | "dpmpp_3m_sde");
                    /** @description One of automatic, model, uniform, normal, karras, exponential, polyexponential, sgm_uniform, simple, ddim, beta, kl_optimal, align_your_steps. `automatic` is what the sampler has in AUTOMATIC1111, or `model` under `diffusers`. Omitted: the model's own default, else automatic. */
                    schedule?: string | ("automatic" | "model" | "uniform" | "normal" | "karras" | "exponential" | "polyexponential" | "sgm_uniform" | "simple" | "ddim" | "beta" | "kl_optimal" | "align_your_steps");
                    /** @description How strongly the prompt pulls; 1 leaves `negative_prompt` out. Omitted: the model's own default, else 7. */
                    guidance_scale?: number;
                    /**
                     * @description Takes back the contrast that high guidance adds.
                     * @default 0
                     */
                    guidance_rescale?: number;
                    /**
                     * @description From which layer of the text encoder, counted from the last, the prompt is read.
                     * @default 1
                     */
                    clip_skip?: number;
                    /**
                     * @description Of the first image; image i uses seed + i. -1: drawn now and shown in `parameters`.
                     * @default -1
                     */
                    seed?: number;
                    /** @default 1 */
                    num_images?: number;
                    /**
                     * @description With `variation_strength`: image i uses variation_seed + i, and all share `seed`. -1: drawn now.
                     * @default -1
                     */
                    variation_seed?: number;
                    /**
                     * @description How far the noise leaves that of `seed` for that of `variation_seed`.
                     * @default 0
                     */
                    variation_strength?: number;
                    /**
                     * @description `cpu`: torch's generator on the CPU; `nv`: that of CUDA devices.
                     * @default cpu
                     * @enum {string}
                     */
                    rng?: "cpu" | "nv";
                    /**
                     * @description Whose way of counting steps, blending masks and reading prompts is followed.
                     * @default a1111
                     * @enum {string}
                     */
                    semantics?: "a1111" | "diffusers";
                    /**
                     * @description Matches the result's colours to the input's.
                     * @default false
                     */
                    color_correction?: boolean;
                    /**
                     * @description JSON: `[{"name", "weight", "text_weight"}]`, LoRAs by the names that `/v1/models` lists. `weight` (1) counts in the UNet, `text_weight` (as `weight`) in the text encoders; negative ones turn a LoRA round. Under `a1111` also `<lora:name:weight>` in the prompt.
                     * @default []
                     */
                    loras?: {
                        name: string;
                        /** @default 1 */
                        weight?: number;
                        text_weight?: number;
                    }[];
                    /**
                     * Format: uri
                     * @description Instead of `reference_image`: where to fetch it, as `image_url`.
                     */
                    reference_image_url?: string;
                    /** @description Instead of `reference_image`: a result of an earlier job of yours, as `image_job`. */
                    reference_image_job?: string;
                    /** @description The IP-Adapter that reads `reference_image`, by the name that `/v1/models` lists. Omitted: the only one that goes with the model. */
                    reference_model?: string;
                    /**
                     * @description How strongly `reference_image` counts beside the prompt.
                     * @default 0.6
                     */
                    reference_scale?: number;
                    /**
                     * Format: uri
                     * @description Instead of `control_image`, as `image_url`.
                     */
                    control_image_url?: string;
                    /** @description Instead of `control_image`, as `image_job`. */
                    control_image_job?: string;
                    /**
                     * Format: uri
                     * @description Instead of `control_2_image`, as `image_url`.
                     */
                    control_2_image_url?: string;
                    /** @description Instead of `control_2_image`, as `image_job`. */
                    control_2_image_job?: string;
                    /**
                     * Format: uri
                     * @description Instead of `control_3_image`, as `image_url`.
                     */
                    control_3_image_url?: string;
                    /** @description Instead of `control_3_image`, as `image_job`. */
                    control_3_image_job?: string;
                    /** @description A ControlNet or T2I-Adapter, by the name that `/v1/models` lists, that holds the result to the control image. Omitted: none. */
                    control_model?: string;
                    /**
                     * @description How strongly it counts.
                     * @default 1
                     */
                    control_scale?: number;
                    /**
                     * @description From which share of the steps on.
                     * @default 0
                     */
                    control_start?: number;
                    /**
                     * @description Up to which share of the steps.
                     * @default 1
                     */
                    control_end?: number;
                    /**
                     * @description For a union ControlNet alone: what kind of picture it is given. `scribble` are thick soft lines (HED, PiDiNet), `lineart` thin ones (Canny, MLSD), `segment` areas of one colour each; `/v1/models` says which of them a file has. Omitted: `lineart` with `canny`, `inpaint` with the preprocessor of that name, else it must be sent.
                     * @enum {string}
                     */
                    control_type?: "openpose" | "depth" | "scribble" | "lineart" | "normal" | "segment" | "tile" | "inpaint";
                    /**
                     * @description What is made of the control image: nothing; its edges, white on black (OpenCV's Canny); its negative; or, for an inpaint ControlNet, what the mask repaints is left open. Omitted: `inpaint` where a mask is there and the ControlNet's name or the type says so, else `none`.
                     * @enum {string}
                     */
                    control_preprocessor?: "none" | "canny" | "invert" | "inpaint";
                    /**
                     * @description Of `canny`: what changes less than that is no edge. OpenCV's first threshold.
                     * @default 100
                     */
                    control_canny_low?: number;
                    /**
                     * @description Of `canny`: what changes more than that is one, and what hangs together with it. OpenCV's second threshold.
                     * @default 200
                     */
                    control_canny_high?: number;
                    /** @description As `control_model`, of control 2. */
                    control_2_model?: string;
                    /**
                     * @description As `control_scale`, of control 2.
                     * @default 1
                     */
                    control_2_scale?: number;
                    /**
                     * @description As `control_start`, of control 2.
                     * @default 0
                     */
                    control_2_start?: number;
                    /**
                     * @description As `control_end`, of control 2.
                     * @default 1
                     */
                    control_2_end?: number;
                    /**
                     * @description As `control_type`, of control 2.
                     * @enum {string}
                     */
                    control_2_type?: "openpose" | "depth" | "scribble" | "lineart" | "normal" | "segment" | "tile" | "inpaint";
                    /**
                     * @description As `control_preprocessor`, of control 2.
                     * @enum {string}
                     */
                    control_2_preprocessor?: "none" | "canny" | "invert" | "inpaint";
                    /**
                     * @description As `control_canny_low`, of control 2.
                     * @default 100
                     */
                    control_2_canny_low?: number;
                    /**
                     * @description As `control_canny_high`, of control 2.
                     * @default 200
                     */
                    control_2_canny_high?: number;
                    /** @description As `control_model`, of control 3. */
                    control_3_model?: string;
                    /**
                     * @description As `control_scale`, of control 3.
                     * @default 1
                     */
                    control_3_scale?: number;
                    /**
                     * @description As `control_start`, of control 3.
                     * @default 0
                     */
                    control_3_start?: number;
                    /**
                     * @description As `control_end`, of control 3.
                     * @default 1
                     */
                    control_3_end?: number;
                    /**
                     * @description As `control_type`, of control 3.
                     * @enum {string}
                     */
                    control_3_type?: "openpose" | "depth" | "scribble" | "lineart" | "normal" | "segment" | "tile" | "inpaint";
                    /**
                     * @description As `control_preprocessor`, of control 3.
                     * @enum {string}
                     */
                    control_3_preprocessor?: "none" | "canny" | "invert" | "inpaint";
                    /**
                     * @description As `control_canny_low`, of control 3.
                     * @default 100
                     */
                    control_3_canny_low?: number;
                    /**
                     * @description As `control_canny_high`, of control 3.
                     * @default 200
                     */
                    control_3_canny_high?: number;
                    /**
                     * @description How many times as long each side of the result becomes after painting.
                     * @default 1
                     */
                    upscale?: number;
                    /**
                     * @description What enlarges it: `lanczos`, or an upscaler by the name that `/v1/models` lists.
                     * @default lanczos
                     */
                    upscaler?: string;
                    /**
                     * @description Above 0 the enlarged picture is painted once more at its size, with this strength (AUTOMATIC1111's hires. fix).
                     * @default 0
                     */
                    hires_strength?: number;
                    /** @description Steps of that, all of which run. Omitted: as `steps`. */
                    hires_steps?: number;
                    /**
                     * @default png
                     * @enum {string}
                     */
                    output_format?: "png" | "jpeg" | "webp";
                    /**
                     * @description Of JPEG and WebP.
                     * @default 90
                     */
                    output_quality?: number;
                    /**
                     * @description Writes the parameters into the files.
                     * @default true
                     */
                    embed_metadata?: boolean;
                    /**
                     * Format: uri
                     * @description Where events of the job are sent, signed: an https URL with port 443 or 8443.
                     */
                    webhook_url?: string;
                    /** @description Comma-separated, of job.started, job.progress, job.succeeded, job.failed, job.canceled, job.expired. Omitted: job.succeeded, job.failed, job.canceled, job.expired. */
                    webhook_events?: string | string[];
                    /** @description A JSON object of yours, at most 4096 bytes and 32 levels; shown with the job. */
                    metadata?: {
                        [key: string]: unknown;
                    };
                    /**
                     * @description Seconds from the end of the job until it is erased.
                     * @default 86400
                     */
                    expires_in?: number;
                    /**
                     * @description Seconds from now within which the job must start.
                     * @default 3600
                     */
                    deadline?: number;
                    /**
                     * Format: binary
                     * @description A picture that the painted ones shall resemble: as `image`, of any size. Only models of .safetensors take it.
                     */
                    reference_image?: string;
                    /**
                     * Format: binary
                     * @description As `image`: what `control_model` looks at, fitted as `image` is. Omitted: `image` itself, where there is one.
                     */
                    control_image?: string;
                    /**
                     * Format: binary
                     * @description As `image`: what `control_2_model` looks at, fitted as `image` is. Omitted: `image` itself, where there is one.
                     */
                    control_2_image?: string;
                    /**
                     * Format: binary
                     * @description As `image`: what `control_3_model` looks at, fitted as `image` is. Omitted: `image` itself, where there is one.
                     */
                    control_3_image?: string;
                };
                /**
                 * @example {
                 *       "prompt": "a photo of a strawberry",
                 *       "width": 64,
                 *       "height": 64,
                 *       "steps": 8,
                 *       "seed": 7,
                 *       "image": "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAIAAAAlC+aJAAAAT0lEQVR42u3PQQkAAAgEsEtnCBMbywi+hcEKLNP1WgQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQELgsgyIFLeJYdWgAAAABJRU5ErkJggg==",
                 *       "strength": 0.6,
                 *       "metadata": {
                 *         "order": 1001
                 *       }
                 *     }
                 */
                "application/json": {
                    /** @description As a `data:` URL or base64. */
                    image?: string;
                    /**
                     * Format: uri
                     * @description Instead of `image`: where to fetch it, over https or http, from ports 443, 8443, 80 or 8080.
                     */
                    image_url?: string;
                    /** @description Instead of `image`: a result of an earlier job of yours, `<job id>` or `<job id>/<n>`. */
                    image_job?: string;
                    /** @description A model's id from `/v1/models`. Omitted: the server's default. */
                    model?: string;
                    /** @description What the picture shall show; may be empty. Under `a1111` words are weighed as there, (word:1.3), from -10 to 10 times. `[from:to:when]`, `[a|b]` and `AND` change and join prompts as there. */
                    prompt: string;
                    /**
                     * @description What it shall not show.
                     * @default
                     */
                    negative_prompt?: string;
                    /** @description Pixels. Both sides omitted: the input's shape at the model's native area (`diffusers`: the input's size); one given: the other follows the shape. A side that comes out too short or too long for the model is refused. */
                    width?: number;
                    /** @description As `width`. */
                    height?: number;
                    /**
                     * @description How an input of another shape comes to width and height.
                     * @default stretch
                     * @enum {string}
                     */
                    resize_mode?: "stretch" | "crop" | "fill" | "latent";
                    /**
                     * @description How far the result may leave the input: at 0 no step runs, and the picture only goes through the model's VAE, which changes fine detail; 1 leaves it wholly.
                     * @default 0.75
                     */
                    strength?: number;
                    /** @description Steps of the whole schedule; how many run depends on `strength`. Omitted: the model's own default, else 25. */
                    steps?: number;
                    /**
                     * @description `proportional`: strength shortens the run; `exact`: `steps` always run.
                     * @default proportional
                     * @enum {string}
                     */
                    step_policy?: "proportional" | "exact";
                    /** @description One of euler, euler_a, heun, dpm2, dpm2_a, lms, ddim, unipc, pndm, lcm, dpmpp_2m, dpmpp_2m_sde, dpmpp_2s_a, dpmpp_sde, dpmpp_3m_sde, or what AUTOMATIC1111 or diffusers call it, with or without a schedule: "DPM++ 2M Karras". Omitted: the model's own default, else dpmpp_2m. */
                    sampler?: string | ("euler" | "euler_a" | "heun" | "dpm2" | "dpm2_a" | "lms" | "ddim" | "unipc" | "pndm" | "lcm" | "dpmpp_2m" | "dpmpp_2m_sde" | "dpmpp_2s_a" | "dpmpp_sde" | "dpmpp_3m_sde");
                    /** @description One of automatic, model, uniform, normal, karras, exponential, polyexponential, sgm_uniform, simple, ddim, beta, kl_optimal, align_your_steps. `automatic` is what the sampler has in AUTOMATIC1111, or `model` under `diffusers`. Omitted: the model's own default, else automatic. */
                    schedule?: string | ("automatic" | "model" | "uniform" | "normal" | "karras" | "exponential" | "polyexponential" | "sgm_uniform" | "simple" | "ddim" | "beta" | "kl_optimal" | "align_your_steps");
                    /** @description How strongly the prompt pulls; 1 leaves `negative_prompt` out. Omitted: the model's own default, else 7. */
                    guidance_scale?: number;
                    /**
                     * @description Takes back the contrast that high guidance adds.
                     * @default 0
                     */
                    guidance_rescale?: number;
                    /**
                     * @description From which layer of the text encoder, counted from the last, the prompt is read.
                     * @default 1
                     */
                    clip_skip?: number;
                    /**
                     * @description Of the first image; image i uses seed + i. -1: drawn now and shown in `parameters`.
                     * @default -1
                     */
                    seed?: number;
                    /** @default 1 */
                    num_images?: number;
                    /**
                     * @description With `variation_strength`: image i uses variation_seed + i, and all share `seed`. -1: drawn now.
                     * @default -1
                     */
                    variation_seed?: number;
                    /**
                     * @description How far the noise leaves that of `seed` for that of `variation_seed`.
                     * @default 0
                     */
                    variation_strength?: number;
                    /**
                     * @description `cpu`: torch's generator on the CPU; `nv`: that of CUDA devices.
                     * @default cpu
                     * @enum {string}
                     */
                    rng?: "cpu" | "nv";
                    /**
                     * @description Whose way of counting steps, blending masks and reading prompts is followed.
                     * @default a1111
                     * @enum {string}
                     */
                    semantics?: "a1111" | "diffusers";
                    /**
                     * @description Matches the result's colours to the input's.
                     * @default false
                     */
                    color_correction?: boolean;
                    /**
                     * @description JSON: `[{"name", "weight", "text_weight"}]`, LoRAs by the names that `/v1/models` lists. `weight` (1) counts in the UNet, `text_weight` (as `weight`) in the text encoders; negative ones turn a LoRA round. Under `a1111` also `<lora:name:weight>` in the prompt.
                     * @default []
                     */
                    loras?: {
                        name: string;
                        /** @default 1 */
                        weight?: number;
                        text_weight?: number;
                    }[];
                    /**
                     * Format: uri
                     * @description Instead of `reference_image`: where to fetch it, as `image_url`.
                     */
                    reference_image_url?: string;
                    /** @description Instead of `reference_image`: a result of an earlier job of yours, as `image_job`. */
                    reference_image_job?: string;
                    /** @description The IP-Adapter that reads `reference_image`, by the name that `/v1/models` lists. Omitted: the only one that goes with the model. */
                    reference_model?: string;
                    /**
                     * @description How strongly `reference_image` counts beside the prompt.
                     * @default 0.6
                     */
                    reference_scale?: number;
                    /**
                     * Format: uri
                     * @description Instead of `control_image`, as `image_url`.
                     */
                    control_image_url?: string;
                    /** @description Instead of `control_image`, as `image_job`. */
                    control_image_job?: string;
                    /**
                     * Format: uri
                     * @description Instead of `control_2_image`, as `image_url`.
                     */
                    control_2_image_url?: string;
                    /** @description Instead of `control_2_image`, as `image_job`. */
                    control_2_image_job?: string;
                    /**
                     * Format: uri
                     * @description Instead of `control_3_image`, as `image_url`.
                     */
                    control_3_image_url?: string;
                    /** @description Instead of `control_3_image`, as `image_job`. */
                    control_3_image_job?: string;
                    /** @description A ControlNet or T2I-Adapter, by the name that `/v1/models` lists, that holds the result to the control image. Omitted: none. */
                    control_model?: string;
                    /**
                     * @description How strongly it counts.
                     * @default 1
                     */
                    control_scale?: number;
                    /**
                     * @description From which share of the steps on.
                     * @default 0
                     */
                    control_start?: number;
                    /**
                     * @description Up to which share of the steps.
                     * @default 1
                     */
                    control_end?: number;
                    /**
                     * @description For a union ControlNet alone: what kind of picture it is given. `scribble` are thick soft lines (HED, PiDiNet), `lineart` thin ones (Canny, MLSD), `segment` areas of one colour each; `/v1/models` says which of them a file has. Omitted: `lineart` with `canny`, `inpaint` with the preprocessor of that name, else it must be sent.
                     * @enum {string}
                     */
                    control_type?: "openpose" | "depth" | "scribble" | "lineart" | "normal" | "segment" | "tile" | "inpaint";
                    /**
                     * @description What is made of the control image: nothing; its edges, white on black (OpenCV's Canny); its negative; or, for an inpaint ControlNet, what the mask repaints is left open. Omitted: `inpaint` where a mask is there and the ControlNet's name or the type says so, else `none`.
                     * @enum {string}
                     */
                    control_preprocessor?: "none" | "canny" | "invert" | "inpaint";
                    /**
                     * @description Of `canny`: what changes less than that is no edge. OpenCV's first threshold.
                     * @default 100
                     */
                    control_canny_low?: number;
                    /**
                     * @description Of `canny`: what changes more than that is one, and what hangs together with it. OpenCV's second threshold.
                     * @default 200
                     */
                    control_canny_high?: number;
                    /** @description As `control_model`, of control 2. */
                    control_2_model?: string;
                    /**
                     * @description As `control_scale`, of control 2.
                     * @default 1
                     */
                    control_2_scale?: number;
                    /**
                     * @description As `control_start`, of control 2.
                     * @default 0
                     */
                    control_2_start?: number;
                    /**
                     * @description As `control_end`, of control 2.
                     * @default 1
                     */
                    control_2_end?: number;
                    /**
                     * @description As `control_type`, of control 2.
                     * @enum {string}
                     */
                    control_2_type?: "openpose" | "depth" | "scribble" | "lineart" | "normal" | "segment" | "tile" | "inpaint";
                    /**
                     * @description As `control_preprocessor`, of control 2.
                     * @enum {string}
                     */
                    control_2_preprocessor?: "none" | "canny" | "invert" | "inpaint";
                    /**
                     * @description As `control_canny_low`, of control 2.
                     * @default 100
                     */
                    control_2_canny_low?: number;
                    /**
                     * @description As `control_canny_high`, of control 2.
                     * @default 200
                     */
                    control_2_canny_high?: number;
                    /** @description As `control_model`, of control 3. */
                    control_3_model?: string;
                    /**
                     * @description As `control_scale`, of control 3.
                     * @default 1
                     */
                    control_3_scale?: number;
                    /**
                     * @description As `control_start`, of control 3.
                     * @default 0
                     */
                    control_3_start?: number;
                    /**
                     * @description As `control_end`, of control 3.
                     * @default 1
                     */
                    control_3_end?: number;
                    /**
                     * @description As `control_type`, of control 3.
                     * @enum {string}
                     */
                    control_3_type?: "openpose" | "depth" | "scribble" | "lineart" | "normal" | "segment" | "tile" | "inpaint";
                    /**
                     * @description As `control_preprocessor`, of control 3.
                     * @enum {string}
                     */
                    control_3_preprocessor?: "none" | "canny" | "invert" | "inpaint";
                    /**
                     * @description As `control_canny_low`, of control 3.
                     * @default 100
                     */
                    control_3_canny_low?: number;
                    /**
                     * @description As `control_canny_high`, of control 3.
                     * @default 200
                     */
                    control_3_canny_high?: number;
                    /**
                     * @description How many times as long each side of the result becomes after painting.
                     * @default 1
                     */
                    upscale?: number;
                    /**
                     * @description What enlarges it: `lanczos`, or an upscaler by the name that `/v1/models` lists.
                     * @default lanczos
                     */
                    upscaler?: string;
                    /**
                     * @description Above 0 the enlarged picture is painted once more at its size, with this strength (AUTOMATIC1111's hires. fix).
                     * @default 0
                     */
                    hires_strength?: number;
                    /** @description Steps of that, all of which run. Omitted: as `steps`. */
                    hires_steps?: number;
                    /**
                     * @default png
                     * @enum {string}
                     */
                    output_format?: "png" | "jpeg" | "webp";
                    /**
                     * @description Of JPEG and WebP.
                     * @default 90
                     */
                    output_quality?: number;
                    /**
                     * @description Writes the parameters into the files.
                     * @default true
                     */
                    embed_metadata?: boolean;
                    /**
                     * Format: uri
                     * @description Where events of the job are sent, signed: an https URL with port 443 or 8443.
                     */
                    webhook_url?: string;
                    /** @description Comma-separated, of job.started, job.progress, job.succeeded, job.failed, job.canceled, job.expired. Omitted: job.succeeded, job.failed, job.canceled, job.expired. */
                    webhook_events?: string | string[];
                    /** @description A JSON object of yours, at most 4096 bytes and 32 levels; shown with the job. */
                    metadata?: {
                        [key: string]: unknown;
                    };
                    /**
                     * @description Seconds from the end of the job until it is erased.
                     * @default 86400
                     */
                    expires_in?: number;
                    /**
                     * @description Seconds from now within which the job must start.
                     * @default 3600
                     */
                    deadline?: number;
                    /** @description As a `data:` URL or base64. */
                    reference_image?: string;
                    /** @description As a `data:` URL or base64. */
                    control_image?: string;
                    /** @description As a `data:` URL or base64. */
                    control_2_image?: string;
                    /** @description As a `data:` URL or base64. */
                    control_3_image?: string;
                };
                /**
                 * @example {
                 *       "prompt": "a photo of a strawberry",
                 *       "width": 64,
                 *       "height": 64,
                 *       "steps": 8,
                 *       "seed": 7,
                 *       "image": "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAIAAAAlC+aJAAAAT0lEQVR42u3PQQkAAAgEsEtnCBMbywi+hcEKLNP1WgQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQELgsgyIFLeJYdWgAAAABJRU5ErkJggg==",
                 *       "strength": 0.6,
                 *       "metadata": {
                 *         "order": 1001
                 *       }
                 *     }
                 */
                "application/x-www-form-urlencoded": {
                    /** @description As a `data:` URL or base64. */
                    image?: string;
                    /**
                     * Format: uri
                     * @description Instead of `image`: where to fetch it, over https or http, from ports 443, 8443, 80 or 8080.
                     */
                    image_url?: string;
                    /** @description Instead of `image`: a result of an earlier job of yours, `<job id>` or `<job id>/<n>`. */
                    image_job?: string;
                    /** @description A model's id from `/v1/models`. Omitted: the server's default. */
                    model?: string;
                    /** @description What the picture shall show; may be empty. Under `a1111` words are weighed as there, (word:1.3), from -10 to 10 times. `[from:to:when]`, `[a|b]` and `AND` change and join prompts as there. */
                    prompt: string;
                    /**
                     * @description What it shall not show.
                     * @default
                     */
                    negative_prompt?: string;
                    /** @description Pixels. Both sides omitted: the input's shape at the model's native area (`diffusers`: the input's size); one given: the other follows the shape. A side that comes out too short or too long for the model is refused. */
                    width?: number;
                    /** @description As `width`. */
                    height?: number;
                    /**
                     * @description How an input of another shape comes to width and height.
                     * @default stretch
                     * @enum {string}
                     */
                    resize_mode?: "stretch" | "crop" | "fill" | "latent";
                    /**
                     * @description How far the result may leave the input: at 0 no step runs, and the picture only goes through the model's VAE, which changes fine detail; 1 leaves it wholly.
                     * @default 0.75
                     */
                    strength?: number;
                    /** @description Steps of the whole schedule; how many run depends on `strength`. Omitted: the model's own default, else 25. */
                    steps?: number;
                    /**
                     * @description `proportional`: strength shortens the run; `exact`: `steps` always run.
                     * @default proportional
                     * @enum {string}
                     */
                    step_policy?: "proportional" | "exact";
                    /** @description One of euler, euler_a, heun, dpm2, dpm2_a, lms, ddim, unipc, pndm, lcm, dpmpp_2m, dpmpp_2m_sde, dpmpp_2s_a, dpmpp_sde, dpmpp_3m_sde, or what AUTOMATIC1111 or diffusers call it, with or without a schedule: "DPM++ 2M Karras". Omitted: the model's own default, else dpmpp_2m. */
                    sampler?: string | ("euler" | "euler_a" | "heun" | "dpm2" | "dpm2_a" | "lms" | "ddim" | "unipc" | "pndm" | "lcm" | "dpmpp_2m" | "dpmpp_2m_sde" | "dpmpp_2s_a" | "dpmpp_sde" | "dpmpp_3m_sde");
                    /** @description One of automatic, model, uniform, normal, karras, exponential, polyexponential, sgm_uniform, simple, ddim, beta, kl_optimal, align_your_steps. `automatic` is what the sampler has in AUTOMATIC1111, or `model` under `diffusers`. Omitted: the model's own default, else automatic. */
                    schedule?: string | ("automatic" | "model" | "uniform" | "normal" | "karras" | "exponential" | "polyexponential" | "sgm_uniform" | "simple" | "ddim" | "beta" | "kl_optimal" | "align_your_steps");
                    /** @description How strongly the prompt pulls; 1 leaves `negative_prompt` out. Omitted: the model's own default, else 7. */
                    guidance_scale?: number;
                    /**
                     * @description Takes back the contrast that high guidance adds.
                     * @default 0
                     */
                    guidance_rescale?: number;
                    /**
                     * @description From which layer of the text encoder, counted from the last, the prompt is read.
                     * @default 1
                     */
                    clip_skip?: number;
                    /**
                     * @description Of the first image; image i uses seed + i. -1: drawn now and shown in `parameters`.
                     * @default -1
                     */
                    seed?: number;
                    /** @default 1 */
                    num_images?: number;
                    /**
                     * @description With `variation_strength`: image i uses variation_seed + i, and all share `seed`. -1: drawn now.
                     * @default -1
                     */
                    variation_seed?: number;
                    /**
                     * @description How far the noise leaves that of `seed` for that of `variation_seed`.
                     * @default 0
                     */
                    variation_strength?: number;
                    /**
                     * @description `cpu`: torch's generator on the CPU; `nv`: that of CUDA devices.
                     * @default cpu
                     * @enum {string}
                     */
                    rng?: "cpu" | "nv";
                    /**
                     * @description Whose way of counting steps, blending masks and reading prompts is followed.
                     * @default a1111
                     * @enum {string}
                     */
                    semantics?: "a1111" | "diffusers";
                    /**
                     * @description Matches the result's colours to the input's.
                     * @default false
                     */
                    color_correction?: boolean;
                    /**
                     * @description JSON: `[{"name", "weight", "text_weight"}]`, LoRAs by the names that `/v1/models` lists. `weight` (1) counts in the UNet, `text_weight` (as `weight`) in the text encoders; negative ones turn a LoRA round. Under `a1111` also `<lora:name:weight>` in the prompt.
                     * @default []
                     */
                    loras?: {
                        name: string;
                        /** @default 1 */
                        weight?: number;
                        text_weight?: number;
                    }[];
                    /**
                     * Format: uri
                     * @description Instead of `reference_image`: where to fetch it, as `image_url`.
                     */
                    reference_image_url?: string;
                    /** @description Instead of `reference_image`: a result of an earlier job of yours, as `image_job`. */
                    reference_image_job?: string;
                    /** @description The IP-Adapter that reads `reference_image`, by the name that `/v1/models` lists. Omitted: the only one that goes with the model. */
                    reference_model?: string;
                    /**
                     * @description How strongly `reference_image` counts beside the prompt.
                     * @default 0.6
                     */
                    reference_scale?: number;
                    /**
                     * Format: uri
                     * @description Instead of `control_image`, as `image_url`.
                     */
                    control_image_url?: string;
                    /** @description Instead of `control_image`, as `image_job`. */
                    control_image_job?: string;
                    /**
                     * Format: uri
                     * @description Instead of `control_2_image`, as `image_url`.
                     */
                    control_2_image_url?: string;
                    /** @description Instead of `control_2_image`, as `image_job`. */
                    control_2_image_job?: string;
                    /**
                     * Format: uri
                     * @description Instead of `control_3_image`, as `image_url`.
                     */
                    control_3_image_url?: string;
                    /** @description Instead of `control_3_image`, as `image_job`. */
                    control_3_image_job?: string;
                    /** @description A ControlNet or T2I-Adapter, by the name that `/v1/models` lists, that holds the result to the control image. Omitted: none. */
                    control_model?: string;
                    /**
                     * @description How strongly it counts.
                     * @default 1
                     */
                    control_scale?: number;
                    /**
                     * @description From which share of the steps on.
                     * @default 0
                     */
                    control_start?: number;
                    /**
                     * @description Up to which share of the steps.
                     * @default 1
                     */
                    control_end?: number;
                    /**
                     * @description For a union ControlNet alone: what kind of picture it is given. `scribble` are thick soft lines (HED, PiDiNet), `lineart` thin ones (Canny, MLSD), `segment` areas of one colour each; `/v1/models` says which of them a file has. Omitted: `lineart` with `canny`, `inpaint` with the preprocessor of that name, else it must be sent.
                     * @enum {string}
                     */
                    control_type?: "openpose" | "depth" | "scribble" | "lineart" | "normal" | "segment" | "tile" | "inpaint";
                    /**
                     * @description What is made of the control image: nothing; its edges, white on black (OpenCV's Canny); its negative; or, for an inpaint ControlNet, what the mask repaints is left open. Omitted: `inpaint` where a mask is there and the ControlNet's name or the type says so, else `none`.
                     * @enum {string}
                     */
                    control_preprocessor?: "none" | "canny" | "invert" | "inpaint";
                    /**
                     * @description Of `canny`: what changes less than that is no edge. OpenCV's first threshold.
                     * @default 100
                     */
                    control_canny_low?: number;
                    /**
                     * @description Of `canny`: what changes more than that is one, and what hangs together with it. OpenCV's second threshold.
                     * @default 200
                     */
                    control_canny_high?: number;
                    /** @description As `control_model`, of control 2. */
                    control_2_model?: string;
                    /**
                     * @description As `control_scale`, of control 2.
                     * @default 1
                     */
                    control_2_scale?: number;
                    /**
                     * @description As `control_start`, of control 2.
                     * @default 0
                     */
                    control_2_start?: number;
                    /**
                     * @description As `control_end`, of control 2.
                     * @default 1
                     */
                    control_2_end?: number;
                    /**
                     * @description As `control_type`, of control 2.
                     * @enum {string}
                     */
                    control_2_type?: "openpose" | "depth" | "scribble" | "lineart" | "normal" | "segment" | "tile" | "inpaint";
                    /**
                     * @description As `control_preprocessor`, of control 2.
                     * @enum {string}
                     */
                    control_2_preprocessor?: "none" | "canny" | "invert" | "inpaint";
                    /**
                     * @description As `control_canny_low`, of control 2.
                     * @default 100
                     */
                    control_2_canny_low?: number;
                    /**
                     * @description As `control_canny_high`, of control 2.
                     * @default 200
                     */
                    control_2_canny_high?: number;
                    /** @description As `control_model`, of control 3. */
                    control_3_model?: string;
                    /**
                     * @description As `control_scale`, of control 3.
                     * @default 1
                     */
                    control_3_scale?: number;
                    /**
                     * @description As `control_start`, of control 3.
                     * @default 0
                     */
                    control_3_start?: number;
                    /**
                     * @description As `control_end`, of control 3.
                     * @default 1
                     */
                    control_3_end?: number;
                    /**
                     * @description As `control_type`, of control 3.
                     * @enum {string}
                     */
                    control_3_type?: "openpose" | "depth" | "scribble" | "lineart" | "normal" | "segment" | "tile" | "inpaint";
                    /**
                     * @description As `control_preprocessor`, of control 3.
                     * @enum {string}
                     */
                    control_3_preprocessor?: "none" | "canny" | "invert" | "inpaint";
                    /**
                     * @description As `control_canny_low`, of control 3.
                     * @default 100
                     */
                    control_3_canny_low?: number;
                    /**
                     * @description As `control_canny_high`, of control 3.
                     * @default 200
                     */
                    control_3_canny_high?: number;
                    /**
                     * @description How many times as long each side of the result becomes after painting.
                     * @default 1
                     */
                    upscale?: number;
                    /**
                     * @description What enlarges it: `lanczos`, or an upscaler by the name that `/v1/models` lists.
                     * @default lanczos
                     */
                    upscaler?: string;
                    /**
                     * @description Above 0 the enlarged picture is painted once more at its size, with this strength (AUTOMATIC1111's hires. fix).
                     * @default 0
                     */
                    hires_strength?: number;
                    /** @description Steps of that, all of which run. Omitted: as `steps`. */
                    hires_steps?: number;
                    /**
                     * @default png
                     * @enum {string}
                     */
                    output_format?: "png" | "jpeg" | "webp";
                    /**
                     * @description Of JPEG and WebP.
                     * @default 90
                     */
                    output_quality?: number;
                    /**
                     * @description Writes the parameters into the files.
                     * @default true
                     */
                    embed_metadata?: boolean;
                    /**
                     * Format: uri
                     * @description Where events of the job are sent, signed: an https URL with port 443 or 8443.
                     */
                    webhook_url?: string;
                    /** @description Comma-separated, of job.started, job.progress, job.succeeded, job.failed, job.canceled, job.expired. Omitted: job.succeeded, job.failed, job.canceled, job.expired. */
                    webhook_events?: string | string[];
                    /** @description A JSON object of yours, at most 4096 bytes and 32 levels; shown with the job. */
                    metadata?: {
                        [key: string]: unknown;
                    };
                    /**
                     * @description Seconds from the end of the job until it is erased.
                     * @default 86400
                     */
                    expires_in?: number;
                    /**
                     * @description Seconds from now within which the job must start.
                     * @default 3600
                     */
                    deadline?: number;
                    /** @description As a `data:` URL or base64. */
                    reference_image?: string;
                    /** @description As a `data:` URL or base64. */
                    control_image?: string;
                    /** @description As a `data:` URL or base64. */
                    control_2_image?: string;
                    /** @description As a `data:` URL or base64. */
                    control_3_image?: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description The job. */
                    Location?: string;
                    /** @description `true`: an earlier request with this Idempotency-Key was accepted. */
                    "Idempotent-Replayed"?: string;
                    /** @description The wait of `Prefer` that was followed. */
                    "Preference-Applied"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description Default Response */
            202: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description The job. */
                    Location?: string;
                    /** @description `true`: an earlier request with this Idempotency-Key was accepted. */
                    "Idempotent-Replayed"?: string;
                    /** @description The wait of `Prefer` that was followed. */
                    "Preference-Applied"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description `invalid_request`: The request cannot be read. `invalid_multipart`: The multipart body cannot be read. `duplicate_field`: A field was sent twice. */
            400: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: The API key is missing or not valid. */
            401: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `foreign_page`: A page of another origin may not do this. `forbidden`: The API key may not do this. */
            403: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The request took too long to arrive. */
            408: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_in_progress`: A request with this Idempotency-Key is still being accepted. */
            409: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `expired`: The job has expired. `deleted`: The job was deleted. */
            410: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request is too large. */
            413: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The content type is not supported. */
            415: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `misdirected_request`: This server does not answer under this name. */
            421: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_fields`: Some fields are not valid. `not_supported`: This option is not supported. `unknown_model`: There is no such model. `unknown_lora`: There is no such LoRA. `unknown_reference_model`: There is no such IP-Adapter. `unknown_control`: There is no such ControlNet. `invalid_image`: The image cannot be used. `image_required`: An image is required. `mask_required`: A mask is required. `empty_mask`: The mask repaints nothing. `too_few_steps`: No step would run. `too_much_work`: The job is too large. `image_url_failed`: The image could not be fetched. `source_unavailable`: The source job has no such image. `idempotency_mismatch`: This Idempotency-Key was used for another request. `no_webhook_secret`: There is no webhook secret. `webhook_url_refused`: The webhook URL is refused. */
            422: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. `too_many_jobs`: Too many jobs at once. `quota_exceeded`: The day's quota is used up. `storage_quota`: Your jobs keep as much as they may. */
            429: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side. */
            500: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. `queue_full`: The queue is full. `no_worker`: No worker has announced a model yet. `overloaded`: The server is busy with other uploads. `enqueue_unknown`: It is not known whether the job was accepted. `storage_unavailable`: The storage cannot be reached. */
            503: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    inpaint: {
        parameters: {
            query?: {
                /** @description the same as `Prefer: wait=n`, and stronger where both are sent */
                wait?: number;
            };
            header?: {
                /** @description a repeat with the same key within 24 h gives the same job */
                "idempotency-key"?: string;
                /** @description `wait=n`: wait up to n (at most 60) seconds for the end of the job */
                prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "prompt": "a photo of a strawberry",
                 *       "width": 64,
                 *       "height": 64,
                 *       "steps": 8,
                 *       "seed": 7,
                 *       "image": "@assets/samples/apple-photo.png",
                 *       "mask": "@assets/samples/apple-mask.png",
                 *       "mask_blur": 2,
                 *       "masked_content": "noise"
                 *     }
                 */
                "multipart/form-data": {
                    /**
                     * Format: binary
                     * @description PNG, JPEG or WebP, one frame, at most 20971520 bytes and 16800000 pixels. This, `image_url` or `image_job`.
                     */
                    image?: string;
                    /**
                     * Format: binary
                     * @description As `image`, of any size; is stretched to it. `mask_mode` says what of it is repainted. Omitted: the transparent pixels of the image are, or only what it is extended by.
                     */
                    mask?: string;
                    /**
                     * Format: uri
                     * @description Instead of `image`: where to fetch it, over https or http, from ports 443, 8443, 80 or 8080.
                     */
                    image_url?: string;
                    /** @description Instead of `image`: a result of an earlier job of yours, `<job id>` or `<job id>/<n>`. */
                    image_job?: string;
                    /** @description A model's id from `/v1/models`. Omitted: the server's default. */
                    model?: string;
                    /** @description What the picture shall show; may be empty. Under `a1111` words are weighed as there, (word:1.3), from -10 to 10 times. `[from:to:when]`, `[a|b]` and `AND` change and join prompts as there. */
                    prompt: string;
                    /**
                     * @description What it shall not show.
                     * @default
                     */
                    negative_prompt?: string;
                    /** @description Pixels. Both sides omitted: the input's shape at the model's native area (`diffusers`: the input's size); one given: the other follows the shape. A side that comes out too short or too long for the model is refused. */
                    width?: number;
                    /** @description As `width`. */
                    height?: number;
                    /**
                     * @description How an input of another shape comes to width and height.
                     * @default stretch
                     * @enum {string}
                     */
                    resize_mode?: "stretch" | "crop" | "fill" | "latent";
                    /**
                     * @description How far the result may leave the input: at 0 no step runs, and the picture only goes through the model's VAE, which changes fine detail; 1 leaves it wholly.
                     * @default 0.75
                     */
                    strength?: number;
                    /** @description Steps of the whole schedule; how many run depends on `strength`. Omitted: the model's own default, else 25. */
                    steps?: number;
                    /**
                     * @description `proportional`: strength shortens the run; `exact`: `steps` always run.
                     * @default proportional
                     * @enum {string}
                     */
                    step_policy?: "proportional" | "exact";
                    /** @description One of euler, euler_a, heun, dpm2, dpm2_a, lms, ddim, unipc, pndm, lcm, dpmpp_2m, dpmpp_2m_sde, dpmpp_2s_a, dpmpp_sde, dpmpp_3m_sde, or what AUTOMATIC1111 or diffusers call it, with or without a schedule: "DPM++ 2M Karras". Omitted: the model's own default, else dpmpp_2m. */
                    sampler?: string | ("euler" | "euler_a" | "heun" | "dpm2" | "dpm2_a" | "lms" | "ddim" | "unipc" | "pndm" | "lcm" | "dpmpp_2m" | "dpmpp_2m_sde" | "dpmpp_2s_a" | "dpmpp_sde" | "dpmpp_3m_sde");
                    /** @description One of automatic, model, uniform, normal, karras, exponential, polyexponential, sgm_uniform, simple, ddim, beta, kl_optimal, align_your_steps. `automatic` is what the sampler has in AUTOMATIC1111, or `model` under `diffusers`. Omitted: the model's own default, else automatic. */
                    schedule?: string | ("automatic" | "model" | "uniform" | "normal" | "karras" | "exponential" | "polyexponential" | "sgm_uniform" | "simple" | "ddim" | "beta" | "kl_optimal" | "align_your_steps");
                    /** @description How strongly the prompt pulls; 1 leaves `negative_prompt` out. Omitted: the model's own default, else 7. */
                    guidance_scale?: number;
                    /**
                     * @description Takes back the contrast that high guidance adds.
                     * @default 0
                     */
                    guidance_rescale?: number;
                    /**
                     * @description From which layer of the text encoder, counted from the last, the prompt is read.
                     * @default 1
                     */
                    clip_skip?: number;
                    /**
                     * @description Of the first image; image i uses seed + i. -1: drawn now and shown in `parameters`.
                     * @default -1
                     */
                    seed?: number;
                    /** @default 1 */
                    num_images?: number;
                    /**
                     * @description With `variation_strength`: image i uses variation_seed + i, and all share `seed`. -1: drawn now.
                     * @default -1
                     */
                    variation_seed?: number;
                    /**
                     * @description How far the noise leaves that of `seed` for that of `variation_seed`.
                     * @default 0
                     */
                    variation_strength?: number;
                    /**
                     * @description `cpu`: torch's generator on the CPU; `nv`: that of CUDA devices.
                     * @default cpu
                     * @enum {string}
                     */
                    rng?: "cpu" | "nv";
                    /**
                     * @description Whose way of counting steps, blending masks and reading prompts is followed.
                     * @default a1111
                     * @enum {string}
                     */
                    semantics?: "a1111" | "diffusers";
                    /**
                     * @description Matches the result's colours to the input's.
                     * @default false
                     */
                    color_correction?: boolean;
                    /**
                     * @description JSON: `[{"name", "weight", "text_weight"}]`, LoRAs by the names that `/v1/models` lists. `weight` (1) counts in the UNet, `text_weight` (as `weight`) in the text encoders; negative ones turn a LoRA round. Under `a1111` also `<lora:name:weight>` in the prompt.
                     * @default []
                     */
                    loras?: {
                        name: string;
                        /** @default 1 */
                        weight?: number;
                        text_weight?: number;
                    }[];
                    /**
                     * Format: uri
                     * @description Instead of `reference_image`: where to fetch it, as `image_url`.
                     */
                    reference_image_url?: string;
                    /** @description Instead of `reference_image`: a result of an earlier job of yours, as `image_job`. */
                    reference_image_job?: string;
                    /** @description The IP-Adapter that reads `reference_image`, by the name that `/v1/models` lists. Omitted: the only one that goes with the model. */
                    reference_model?: string;
                    /**
                     * @description How strongly `reference_image` counts beside the prompt.
                     * @default 0.6
                     */
                    reference_scale?: number;
                    /**
                     * Format: uri
                     * @description Instead of `control_image`, as `image_url`.
                     */
                    control_image_url?: string;
                    /** @description Instead of `control_image`, as `image_job`. */
                    control_image_job?: string;
                    /**
                     * Format: uri
                     * @description Instead of `control_2_image`, as `image_url`.
                     */
                    control_2_image_url?: string;
                    /** @description Instead of `control_2_image`, as `image_job`. */
                    control_2_image_job?: string;
                    /**
                     * Format: uri
                     * @description Instead of `control_3_image`, as `image_url`.
                     */
                    control_3_image_url?: string;
                    /** @description Instead of `control_3_image`, as `image_job`. */
                    control_3_image_job?: string;
                    /** @description A ControlNet or T2I-Adapter, by the name that `/v1/models` lists, that holds the result to the control image. Omitted: none. */
                    control_model?: string;
                    /**
                     * @description How strongly it counts.
                     * @default 1
                     */
                    control_scale?: number;
                    /**
                     * @description From which share of the steps on.
                     * @default 0
                     */
                    control_start?: number;
                    /**
                     * @description Up to which share of the steps.
                     * @default 1
                     */
                    control_end?: number;
                    /**
                     * @description For a union ControlNet alone: what kind of picture it is given. `scribble` are thick soft lines (HED, PiDiNet), `lineart` thin ones (Canny, MLSD), `segment` areas of one colour each; `/v1/models` says which of them a file has. Omitted: `lineart` with `canny`, `inpaint` with the preprocessor of that name, else it must be sent.
                     * @enum {string}
                     */
                    control_type?: "openpose" | "depth" | "scribble" | "lineart" | "normal" | "segment" | "tile" | "inpaint";
                    /**
                     * @description What is made of the control image: nothing; its edges, white on black (OpenCV's Canny); its negative; or, for an inpaint ControlNet, what the mask repaints is left open. Omitted: `inpaint` where a mask is there and the ControlNet's name or the type says so, else `none`.
                     * @enum {string}
                     */
                    control_preprocessor?: "none" | "canny" | "invert" | "inpaint";
                    /**
                     * @description Of `canny`: what changes less than that is no edge. OpenCV's first threshold.
                     * @default 100
                     */
                    control_canny_low?: number;
                    /**
                     * @description Of `canny`: what changes more than that is one, and what hangs together with it. OpenCV's second threshold.
                     * @default 200
                     */
                    control_canny_high?: number;
                    /** @description As `control_model`, of control 2. */
                    control_2_model?: string;
                    /**
                     * @description As `control_scale`, of control 2.
                     * @default 1
                     */
                    control_2_scale?: number;
                    /**
                     * @description As `control_start`, of control 2.
                     * @default 0
                     */
                    control_2_start?: number;
                    /**
                     * @description As `control_end`, of control 2.
                     * @default 1
                     */
                    control_2_end?: number;
                    /**
                     * @description As `control_type`, of control 2.
                     * @enum {string}
                     */
                    control_2_type?: "openpose" | "depth" | "scribble" | "lineart" | "normal" | "segment" | "tile" | "inpaint";
                    /**
                     * @description As `control_preprocessor`, of control 2.
                     * @enum {string}
                     */
                    control_2_preprocessor?: "none" | "canny" | "invert" | "inpaint";
                    /**
                     * @description As `control_canny_low`, of control 2.
                     * @default 100
                     */
                    control_2_canny_low?: number;
                    /**
                     * @description As `control_canny_high`, of control 2.
                     * @default 200
                     */
                    control_2_canny_high?: number;
                    /** @description As `control_model`, of control 3. */
                    control_3_model?: string;
                    /**
                     * @description As `control_scale`, of control 3.
                     * @default 1
                     */
                    control_3_scale?: number;
                    /**
                     * @description As `control_start`, of control 3.
                     * @default 0
                     */
                    control_3_start?: number;
                    /**
                     * @description As `control_end`, of control 3.
                     * @default 1
                     */
                    control_3_end?: number;
                    /**
                     * @description As `control_type`, of control 3.
                     * @enum {string}
                     */
                    control_3_type?: "openpose" | "depth" | "scribble" | "lineart" | "normal" | "segment" | "tile" | "inpaint";
                    /**
                     * @description As `control_preprocessor`, of control 3.
                     * @enum {string}
                     */
                    control_3_preprocessor?: "none" | "canny" | "invert" | "inpaint";
                    /**
                     * @description As `control_canny_low`, of control 3.
                     * @default 100
                     */
                    control_3_canny_low?: number;
                    /**
                     * @description As `control_canny_high`, of control 3.
                     * @default 200
                     */
                    control_3_canny_high?: number;
                    /**
                     * @description How many times as long each side of the result becomes after painting.
                     * @default 1
                     */
                    upscale?: number;
                    /**
                     * @description What enlarges it: `lanczos`, or an upscaler by the name that `/v1/models` lists.
                     * @default lanczos
                     */
                    upscaler?: string;
                    /**
                     * @description Above 0 the enlarged picture is painted once more at its size, with this strength (AUTOMATIC1111's hires. fix).
                     * @default 0
                     */
                    hires_strength?: number;
                    /** @description Steps of that, all of which run. Omitted: as `steps`. */
                    hires_steps?: number;
                    /**
                     * @default png
                     * @enum {string}
                     */
                    output_format?: "png" | "jpeg" | "webp";
                    /**
                     * @description Of JPEG and WebP.
                     * @default 90
                     */
                    output_quality?: number;
                    /**
                     * @description Writes the parameters into the files.
                     * @default true
                     */
                    embed_metadata?: boolean;
                    /**
                     * Format: uri
                     * @description Where events of the job are sent, signed: an https URL with port 443 or 8443.
                     */
                    webhook_url?: string;
                    /** @description Comma-separated, of job.started, job.progress, job.succeeded, job.failed, job.canceled, job.expired. Omitted: job.succeeded, job.failed, job.canceled, job.expired. */
                    webhook_events?: string | string[];
                    /** @description A JSON object of yours, at most 4096 bytes and 32 levels; shown with the job. */
                    metadata?: {
                        [key: string]: unknown;
                    };
                    /**
                     * @description Seconds from the end of the job until it is erased.
                     * @default 86400
                     */
                    expires_in?: number;
                    /**
                     * @description Seconds from now within which the job must start.
                     * @default 3600
                     */
                    deadline?: number;
                    /**
                     * @description What is repainted: the white, the black or the transparent (`alpha`) pixels of the mask file; without one, of the image, where only `alpha` is possible. Omitted: `white` with a mask file, else `alpha`. `white` and `black` keep what is transparent.
                     * @enum {string}
                     */
                    mask_mode?: "white" | "black" | "alpha";
                    /**
                     * @description Pixels by which the mask grows on every side.
                     * @default 0
                     */
                    mask_grow?: number;
                    /** @description Pixels of the blur of the mask's edge. Omitted: 4, under `diffusers` 0. */
                    mask_blur?: number;
                    /**
                     * @description What the repainted part begins from.
                     * @default original
                     * @enum {string}
                     */
                    masked_content?: "original" | "fill" | "noise" | "empty";
                    /**
                     * @description `masked`: only the mask's surroundings are painted, at width × height; the result has the input's size.
                     * @default whole
                     * @enum {string}
                     */
                    inpaint_area?: "whole" | "masked";
                    /**
                     * @description With `inpaint_area=masked`: pixels around the mask.
                     * @default 32
                     */
                    mask_padding?: number;
                    /** @description Keeps the pixels away from the mask exactly. Omitted: true, under `diffusers` only with `inpaint_area=masked`. */
                    composite?: boolean;
                    /**
                     * @description The mask's grey is a strength for each pixel.
                     * @default false
                     */
                    soft?: boolean;
                    /**
                     * @description Pixels by which the canvas grows on this side, with or without a mask. The new part begins from what `masked_content` says, the picture's edge for `original`, and is repainted together with 2.5 · `mask_blur` pixels of the picture beside it.
                     * @default 0
                     */
                    extend_left?: number;
                    /**
                     * @description As `extend_left`.
                     * @default 0
                     */
                    extend_top?: number;
                    /**
                     * @description As `extend_left`.
                     * @default 0
                     */
                    extend_right?: number;
                    /**
                     * @description As `extend_left`.
                     * @default 0
                     */
                    extend_bottom?: number;
                    /**
                     * Format: binary
                     * @description A picture that the painted ones shall resemble: as `image`, of any size. Only models of .safetensors take it.
                     */
                    reference_image?: string;
                    /**
                     * Format: binary
                     * @description As `image`: what `control_model` looks at, fitted as `image` is. Omitted: `image` itself, where there is one.
                     */
                    control_image?: string;
                    /**
                     * Format: binary
                     * @description As `image`: what `control_2_model` looks at, fitted as `image` is. Omitted: `image` itself, where there is one.
                     */
                    control_2_image?: string;
                    /**
                     * Format: binary
                     * @description As `image`: what `control_3_model` looks at, fitted as `image` is. Omitted: `image` itself, where there is one.
                     */
                    control_3_image?: string;
                };
                /**
                 * @example {
                 *       "prompt": "a photo of a strawberry",
                 *       "width": 64,
                 *       "height": 64,
                 *       "steps": 8,
                 *       "seed": 7,
                 *       "image": "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAIAAAAlC+aJAAAAT0lEQVR42u3PQQkAAAgEsEtnCBMbywi+hcEKLNP1WgQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQELgsgyIFLeJYdWgAAAABJRU5ErkJggg==",
                 *       "mask": "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAEAAAABAAQAAAACCEkxzAAAAFElEQVR42mP4DwQMIDDKGGWQzgAA8SD/AcSiPtIAAAAASUVORK5CYII=",
                 *       "mask_blur": 2,
                 *       "masked_content": "noise"
                 *     }
                 */
                "application/json": {
                    /** @description As a `data:` URL or base64. */
                    image?: string;
                    /** @description As a `data:` URL or base64. */
                    mask?: string;
                    /**
                     * Format: uri
                     * @description Instead of `image`: where to fetch it, over https or http, from ports 443, 8443, 80 or 8080.
                     */
                    image_url?: string;
                    /** @description Instead of `image`: a result of an earlier job of yours, `<job id>` or `<job id>/<n>`. */
                    image_job?: string;
                    /** @description A model's id from `/v1/models`. Omitted: the server's default. */
                    model?: string;
                    /** @description What the picture shall show; may be empty. Under `a1111` words are weighed as there, (word:1.3), from -10 to 10 times. `[from:to:when]`, `[a|b]` and `AND` change and join prompts as there. */
                    prompt: string;
                    /**
                     * @description What it shall not show.
                     * @default
                     */
                    negative_prompt?: string;
                    /** @description Pixels. Both sides omitted: the input's shape at the model's native area (`diffusers`: the input's size); one given: the other follows the shape. A side that comes out too short or too long for the model is refused. */
                    width?: number;
                    /** @description As `width`. */
                    height?: number;
                    /**
                     * @description How an input of another shape comes to width and height.
                     * @default stretch
                     * @enum {string}
                     */
                    resize_mode?: "stretch" | "crop" | "fill" | "latent";
                    /**
                     * @description How far the result may leave the input: at 0 no step runs, and the picture only goes through the model's VAE, which changes fine detail; 1 leaves it wholly.
                     * @default 0.75
                     */
                    strength?: number;
                    /** @description Steps of the whole schedule; how many run depends on `strength`. Omitted: the model's own default, else 25. */
                    steps?: number;
                    /**
                     * @description `proportional`: strength shortens the run; `exact`: `steps` always run.
                     * @default proportional
                     * @enum {string}
                     */
                    step_policy?: "proportional" | "exact";
                    /** @description One of euler, euler_a, heun, dpm2, dpm2_a, lms, ddim, unipc, pndm, lcm, dpmpp_2m, dpmpp_2m_sde, dpmpp_2s_a, dpmpp_sde, dpmpp_3m_sde, or what AUTOMATIC1111 or diffusers call it, with or without a schedule: "DPM++ 2M Karras". Omitted: the model's own default, else dpmpp_2m. */
                    sampler?: string | ("euler" | "euler_a" | "heun" | "dpm2" | "dpm2_a" | "lms" | "ddim" | "unipc" | "pndm" | "lcm" | "dpmpp_2m" | "dpmpp_2m_sde" | "dpmpp_2s_a" | "dpmpp_sde" | "dpmpp_3m_sde");
                    /** @description One of automatic, model, uniform, normal, karras, exponential, polyexponential, sgm_uniform, simple, ddim, beta, kl_optimal, align_your_steps. `automatic` is what the sampler has in AUTOMATIC1111, or `model` under `diffusers`. Omitted: the model's own default, else automatic. */
                    schedule?: string | ("automatic" | "model" | "uniform" | "normal" | "karras" | "exponential" | "polyexponential" | "sgm_uniform" | "simple" | "ddim" | "beta" | "kl_optimal" | "align_your_steps");
                    /** @description How strongly the prompt pulls; 1 leaves `negative_prompt` out. Omitted: the model's own default, else 7. */
                    guidance_scale?: number;
                    /**
                     * @description Takes back the contrast that high guidance adds.
                     * @default 0
                     */
                    guidance_rescale?: number;
                    /**
                     * @description From which layer of the text encoder, counted from the last, the prompt is read.
                     * @default 1
                     */
                    clip_skip?: number;
                    /**
                     * @description Of the first image; image i uses seed + i. -1: drawn now and shown in `parameters`.
                     * @default -1
                     */
                    seed?: number;
                    /** @default 1 */
                    num_images?: number;
                    /**
                     * @description With `variation_strength`: image i uses variation_seed + i, and all share `seed`. -1: drawn now.
                     * @default -1
                     */
                    variation_seed?: number;
                    /**
                     * @description How far the noise leaves that of `seed` for that of `variation_seed`.
                     * @default 0
                     */
                    variation_strength?: number;
                    /**
                     * @description `cpu`: torch's generator on the CPU; `nv`: that of CUDA devices.
                     * @default cpu
                     * @enum {string}
                     */
                    rng?: "cpu" | "nv";
                    /**
                     * @description Whose way of counting steps, blending masks and reading prompts is followed.
                     * @default a1111
                     * @enum {string}
                     */
                    semantics?: "a1111" | "diffusers";
                    /**
                     * @description Matches the result's colours to the input's.
                     * @default false
                     */
                    color_correction?: boolean;
                    /**
                     * @description JSON: `[{"name", "weight", "text_weight"}]`, LoRAs by the names that `/v1/models` lists. `weight` (1) counts in the UNet, `text_weight` (as `weight`) in the text encoders; negative ones turn a LoRA round. Under `a1111` also `<lora:name:weight>` in the prompt.
                     * @default []
                     */
                    loras?: {
                        name: string;
                        /** @default 1 */
                        weight?: number;
                        text_weight?: number;
                    }[];
                    /**
                     * Format: uri
                     * @description Instead of `reference_image`: where to fetch it, as `image_url`.
                     */
                    reference_image_url?: string;
                    /** @description Instead of `reference_image`: a result of an earlier job of yours, as `image_job`. */
                    reference_image_job?: string;
                    /** @description The IP-Adapter that reads `reference_image`, by the name that `/v1/models` lists. Omitted: the only one that goes with the model. */
                    reference_model?: string;
                    /**
                     * @description How strongly `reference_image` counts beside the prompt.
                     * @default 0.6
                     */
                    reference_scale?: number;
                    /**
                     * Format: uri
                     * @description Instead of `control_image`, as `image_url`.
                     */
                    control_image_url?: string;
                    /** @description Instead of `control_image`, as `image_job`. */
                    control_image_job?: string;
                    /**
                     * Format: uri
                     * @description Instead of `control_2_image`, as `image_url`.
                     */
                    control_2_image_url?: string;
                    /** @description Instead of `control_2_image`, as `image_job`. */
                    control_2_image_job?: string;
                    /**
                     * Format: uri
                     * @description Instead of `control_3_image`, as `image_url`.
                     */
                    control_3_image_url?: string;
                    /** @description Instead of `control_3_image`, as `image_job`. */
                    control_3_image_job?: string;
                    /** @description A ControlNet or T2I-Adapter, by the name that `/v1/models` lists, that holds the result to the control image. Omitted: none. */
                    control_model?: string;
                    /**
                     * @description How strongly it counts.
                     * @default 1
                     */
                    control_scale?: number;
                    /**
                     * @description From which share of the steps on.
                     * @default 0
                     */
                    control_start?: number;
                    /**
                     * @description Up to which share of the steps.
                     * @default 1
                     */
                    control_end?: number;
                    /**
                     * @description For a union ControlNet alone: what kind of picture it is given. `scribble` are thick soft lines (HED, PiDiNet), `lineart` thin ones (Canny, MLSD), `segment` areas of one colour each; `/v1/models` says which of them a file has. Omitted: `lineart` with `canny`, `inpaint` with the preprocessor of that name, else it must be sent.
                     * @enum {string}
                     */
                    control_type?: "openpose" | "depth" | "scribble" | "lineart" | "normal" | "segment" | "tile" | "inpaint";
                    /**
                     * @description What is made of the control image: nothing; its edges, white on black (OpenCV's Canny); its negative; or, for an inpaint ControlNet, what the mask repaints is left open. Omitted: `inpaint` where a mask is there and the ControlNet's name or the type says so, else `none`.
                     * @enum {string}
                     */
                    control_preprocessor?: "none" | "canny" | "invert" | "inpaint";
                    /**
                     * @description Of `canny`: what changes less than that is no edge. OpenCV's first threshold.
                     * @default 100
                     */
                    control_canny_low?: number;
                    /**
                     * @description Of `canny`: what changes more than that is one, and what hangs together with it. OpenCV's second threshold.
                     * @default 200
                     */
                    control_canny_high?: number;
                    /** @description As `control_model`, of control 2. */
                    control_2_model?: string;
                    /**
                     * @description As `control_scale`, of control 2.
                     * @default 1
                     */
                    control_2_scale?: number;
                    /**
                     * @description As `control_start`, of control 2.
                     * @default 0
                     */
                    control_2_start?: number;
                    /**
                     * @description As `control_end`, of control 2.
                     * @default 1
                     */
                    control_2_end?: number;
                    /**
                     * @description As `control_type`, of control 2.
                     * @enum {string}
                     */
                    control_2_type?: "openpose" | "depth" | "scribble" | "lineart" | "normal" | "segment" | "tile" | "inpaint";
                    /**
                     * @description As `control_preprocessor`, of control 2.
                     * @enum {string}
                     */
                    control_2_preprocessor?: "none" | "canny" | "invert" | "inpaint";
                    /**
                     * @description As `control_canny_low`, of control 2.
                     * @default 100
                     */
                    control_2_canny_low?: number;
                    /**
                     * @description As `control_canny_high`, of control 2.
                     * @default 200
                     */
                    control_2_canny_high?: number;
                    /** @description As `control_model`, of control 3. */
                    control_3_model?: string;
                    /**
                     * @description As `control_scale`, of control 3.
                     * @default 1
                     */
                    control_3_scale?: number;
                    /**
                     * @description As `control_start`, of control 3.
                     * @default 0
                     */
                    control_3_start?: number;
                    /**
                     * @description As `control_end`, of control 3.
                     * @default 1
                     */
                    control_3_end?: number;
                    /**
                     * @description As `control_type`, of control 3.
                     * @enum {string}
                     */
                    control_3_type?: "openpose" | "depth" | "scribble" | "lineart" | "normal" | "segment" | "tile" | "inpaint";
                    /**
                     * @description As `control_preprocessor`, of control 3.
                     * @enum {string}
                     */
                    control_3_preprocessor?: "none" | "canny" | "invert" | "inpaint";
                    /**
                     * @description As `control_canny_low`, of control 3.
                     * @default 100
                     */
                    control_3_canny_low?: number;
                    /**
                     * @description As `control_canny_high`, of control 3.
                     * @default 200
                     */
                    control_3_canny_high?: number;
                    /**
                     * @description How many times as long each side of the result becomes after painting.
                     * @default 1
                     */
                    upscale?: number;
                    /**
                     * @description What enlarges it: `lanczos`, or an upscaler by the name that `/v1/models` lists.
                     * @default lanczos
                     */
                    upscaler?: string;
                    /**
                     * @description Above 0 the enlarged picture is painted once more at its size, with this strength (AUTOMATIC1111's hires. fix).
                     * @default 0
                     */
                    hires_strength?: number;
                    /** @description Steps of that, all of which run. Omitted: as `steps`. */
                    hires_steps?: number;
                    /**
                     * @default png
                     * @enum {string}
                     */
                    output_format?: "png" | "jpeg" | "webp";
                    /**
                     * @description Of JPEG and WebP.
                     * @default 90
                     */
                    output_quality?: number;
                    /**
                     * @description Writes the parameters into the files.
                     * @default true
                     */
                    embed_metadata?: boolean;
                    /**
                     * Format: uri
                     * @description Where events of the job are sent, signed: an https URL with port 443 or 8443.
                     */
                    webhook_url?: string;
                    /** @description Comma-separated, of job.started, job.progress, job.succeeded, job.failed, job.canceled, job.expired. Omitted: job.succeeded, job.failed, job.canceled, job.expired. */
                    webhook_events?: string | string[];
                    /** @description A JSON object of yours, at most 4096 bytes and 32 levels; shown with the job. */
                    metadata?: {
                        [key: string]: unknown;
                    };
                    /**
                     * @description Seconds from the end of the job until it is erased.
                     * @default 86400
                     */
                    expires_in?: number;
                    /**
                     * @description Seconds from now within which the job must start.
                     * @default 3600
                     */
                    deadline?: number;
                    /**
                     * @description What is repainted: the white, the black or the transparent (`alpha`) pixels of the mask file; without one, of the image, where only `alpha` is possible. Omitted: `white` with a mask file, else `alpha`. `white` and `black` keep what is transparent.
                     * @enum {string}
                     */
                    mask_mode?: "white" | "black" | "alpha";
                    /**
                     * @description Pixels by which the mask grows on every side.
                     * @default 0
                     */
                    mask_grow?: number;
                    /** @description Pixels of the blur of the mask's edge. Omitted: 4, under `diffusers` 0. */
                    mask_blur?: number;
                    /**
                     * @description What the repainted part begins from.
                     * @default original
                     * @enum {string}
                     */
                    masked_content?: "original" | "fill" | "noise" | "empty";
                    /**
                     * @description `masked`: only the mask's surroundings are painted, at width × height; the result has the input's size.
                     * @default whole
                     * @enum {string}
                     */
                    inpaint_area?: "whole" | "masked";
                    /**
                     * @description With `inpaint_area=masked`: pixels around the mask.
                     * @default 32
                     */
                    mask_padding?: number;
                    /** @description Keeps the pixels away from the mask exactly. Omitted: true, under `diffusers` only with `inpaint_area=masked`. */
                    composite?: boolean;
                    /**
                     * @description The mask's grey is a strength for each pixel.
                     * @default false
                     */
                    soft?: boolean;
                    /**
                     * @description Pixels by which the canvas grows on this side, with or without a mask. The new part begins from what `masked_content` says, the picture's edge for `original`, and is repainted together with 2.5 · `mask_blur` pixels of the picture beside it.
                     * @default 0
                     */
                    extend_left?: number;
                    /**
                     * @description As `extend_left`.
                     * @default 0
                     */
                    extend_top?: number;
                    /**
                     * @description As `extend_left`.
                     * @default 0
                     */
                    extend_right?: number;
                    /**
                     * @description As `extend_left`.
                     * @default 0
                     */
                    extend_bottom?: number;
                    /** @description As a `data:` URL or base64. */
                    reference_image?: string;
                    /** @description As a `data:` URL or base64. */
                    control_image?: string;
                    /** @description As a `data:` URL or base64. */
                    control_2_image?: string;
                    /** @description As a `data:` URL or base64. */
                    control_3_image?: string;
                };
                /**
                 * @example {
                 *       "prompt": "a photo of a strawberry",
                 *       "width": 64,
                 *       "height": 64,
                 *       "steps": 8,
                 *       "seed": 7,
                 *       "image": "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAIAAAAlC+aJAAAAT0lEQVR42u3PQQkAAAgEsEtnCBMbywi+hcEKLNP1WgQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQELgsgyIFLeJYdWgAAAABJRU5ErkJggg==",
                 *       "mask": "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAEAAAABAAQAAAACCEkxzAAAAFElEQVR42mP4DwQMIDDKGGWQzgAA8SD/AcSiPtIAAAAASUVORK5CYII=",
                 *       "mask_blur": 2,
                 *       "masked_content": "noise"
                 *     }
                 */
                "application/x-www-form-urlencoded": {
                    /** @description As a `data:` URL or base64. */
                    image?: string;
                    /** @description As a `data:` URL or base64. */
                    mask?: string;
                    /**
                     * Format: uri
                     * @description Instead of `image`: where to fetch it, over https or http, from ports 443, 8443, 80 or 8080.
                     */
                    image_url?: string;
                    /** @description Instead of `image`: a result of an earlier job of yours, `<job id>` or `<job id>/<n>`. */
                    image_job?: string;
                    /** @description A model's id from `/v1/models`. Omitted: the server's default. */
                    model?: string;
                    /** @description What the picture shall show; may be empty. Under `a1111` words are weighed as there, (word:1.3), from -10 to 10 times. `[from:to:when]`, `[a|b]` and `AND` change and join prompts as there. */
                    prompt: string;
                    /**
                     * @description What it shall not show.
                     * @default
                     */
                    negative_prompt?: string;
                    /** @description Pixels. Both sides omitted: the input's shape at the model's native area (`diffusers`: the input's size); one given: the other follows the shape. A side that comes out too short or too long for the model is refused. */
                    width?: number;
                    /** @description As `width`. */
                    height?: number;
                    /**
                     * @description How an input of another shape comes to width and height.
                     * @default stretch
                     * @enum {string}
                     */
                    resize_mode?: "stretch" | "crop" | "fill" | "latent";
                    /**
                     * @description How far the result may leave the input: at 0 no step runs, and the picture only goes through the model's VAE, which changes fine detail; 1 leaves it wholly.
                     * @default 0.75
                     */
                    strength?: number;
                    /** @description Steps of the whole schedule; how many run depends on `strength`. Omitted: the model's own default, else 25. */
                    steps?: number;
                    /**
                     * @description `proportional`: strength shortens the run; `exact`: `steps` always run.
                     * @default proportional
                     * @enum {string}
                     */
                    step_policy?: "proportional" | "exact";
                    /** @description One of euler, euler_a, heun, dpm2, dpm2_a, lms, ddim, unipc, pndm, lcm, dpmpp_2m, dpmpp_2m_sde, dpmpp_2s_a, dpmpp_sde, dpmpp_3m_sde, or what AUTOMATIC1111 or diffusers call it, with or without a schedule: "DPM++ 2M Karras". Omitted: the model's own default, else dpmpp_2m. */
                    sampler?: string | ("euler" | "euler_a" | "heun" | "dpm2" | "dpm2_a" | "lms" | "ddim" | "unipc" | "pndm" | "lcm" | "dpmpp_2m" | "dpmpp_2m_sde" | "dpmpp_2s_a" | "dpmpp_sde" | "dpmpp_3m_sde");
                    /** @description One of automatic, model, uniform, normal, karras, exponential, polyexponential, sgm_uniform, simple, ddim, beta, kl_optimal, align_your_steps. `automatic` is what the sampler has in AUTOMATIC1111, or `model` under `diffusers`. Omitted: the model's own default, else automatic. */
                    schedule?: string | ("automatic" | "model" | "uniform" | "normal" | "karras" | "exponential" | "polyexponential" | "sgm_uniform" | "simple" | "ddim" | "beta" | "kl_optimal" | "align_your_steps");
                    /** @description How strongly the prompt pulls; 1 leaves `negative_prompt` out. Omitted: the model's own default, else 7. */
                    guidance_scale?: number;
                    /**
                     * @description Takes back the contrast that high guidance adds.
                     * @default 0
                     */
                    guidance_rescale?: number;
                    /**
                     * @description From which layer of the text encoder, counted from the last, the prompt is read.
                     * @default 1
                     */
                    clip_skip?: number;
                    /**
                     * @description Of the first image; image i uses seed + i. -1: drawn now and shown in `parameters`.
                     * @default -1
                     */
                    seed?: number;
                    /** @default 1 */
                    num_images?: number;
                    /**
                     * @description With `variation_strength`: image i uses variation_seed + i, and all share `seed`. -1: drawn now.
                     * @default -1
                     */
                    variation_seed?: number;
                    /**
                     * @description How far the noise leaves that of `seed` for that of `variation_seed`.
                     * @default 0
                     */
                    variation_strength?: number;
                    /**
                     * @description `cpu`: torch's generator on the CPU; `nv`: that of CUDA devices.
                     * @default cpu
                     * @enum {string}
                     */
                    rng?: "cpu" | "nv";
                    /**
                     * @description Whose way of counting steps, blending masks and reading prompts is followed.
                     * @default a1111
                     * @enum {string}
                     */
                    semantics?: "a1111" | "diffusers";
                    /**
                     * @description Matches the result's colours to the input's.
                     * @default false
                     */
                    color_correction?: boolean;
                    /**
                     * @description JSON: `[{"name", "weight", "text_weight"}]`, LoRAs by the names that `/v1/models` lists. `weight` (1) counts in the UNet, `text_weight` (as `weight`) in the text encoders; negative ones turn a LoRA round. Under `a1111` also `<lora:name:weight>` in the prompt.
                     * @default []
                     */
                    loras?: {
                        name: string;
                        /** @default 1 */
                        weight?: number;
                        text_weight?: number;
                    }[];
                    /**
                     * Format: uri
                     * @description Instead of `reference_image`: where to fetch it, as `image_url`.
                     */
                    reference_image_url?: string;
                    /** @description Instead of `reference_image`: a result of an earlier job of yours, as `image_job`. */
                    reference_image_job?: string;
                    /** @description The IP-Adapter that reads `reference_image`, by the name that `/v1/models` lists. Omitted: the only one that goes with the model. */
                    reference_model?: string;
                    /**
                     * @description How strongly `reference_image` counts beside the prompt.
                     * @default 0.6
                     */
                    reference_scale?: number;
                    /**
                     * Format: uri
                     * @description Instead of `control_image`, as `image_url`.
                     */
                    control_image_url?: string;
                    /** @description Instead of `control_image`, as `image_job`. */
                    control_image_job?: string;
                    /**
                     * Format: uri
                     * @description Instead of `control_2_image`, as `image_url`.
                     */
                    control_2_image_url?: string;
                    /** @description Instead of `control_2_image`, as `image_job`. */
                    control_2_image_job?: string;
                    /**
                     * Format: uri
                     * @description Instead of `control_3_image`, as `image_url`.
                     */
                    control_3_image_url?: string;
                    /** @description Instead of `control_3_image`, as `image_job`. */
                    control_3_image_job?: string;
                    /** @description A ControlNet or T2I-Adapter, by the name that `/v1/models` lists, that holds the result to the control image. Omitted: none. */
                    control_model?: string;
                    /**
                     * @description How strongly it counts.
                     * @default 1
                     */
                    control_scale?: number;
                    /**
                     * @description From which share of the steps on.
                     * @default 0
                     */
                    control_start?: number;
                    /**
                     * @description Up to which share of the steps.
                     * @default 1
                     */
                    control_end?: number;
                    /**
                     * @description For a union ControlNet alone: what kind of picture it is given. `scribble` are thick soft lines (HED, PiDiNet), `lineart` thin ones (Canny, MLSD), `segment` areas of one colour each; `/v1/models` says which of them a file has. Omitted: `lineart` with `canny`, `inpaint` with the preprocessor of that name, else it must be sent.
                     * @enum {string}
                     */
                    control_type?: "openpose" | "depth" | "scribble" | "lineart" | "normal" | "segment" | "tile" | "inpaint";
                    /**
                     * @description What is made of the control image: nothing; its edges, white on black (OpenCV's Canny); its negative; or, for an inpaint ControlNet, what the mask repaints is left open. Omitted: `inpaint` where a mask is there and the ControlNet's name or the type says so, else `none`.
                     * @enum {string}
                     */
                    control_preprocessor?: "none" | "canny" | "invert" | "inpaint";
                    /**
                     * @description Of `canny`: what changes less than that is no edge. OpenCV's first threshold.
                     * @default 100
                     */
                    control_canny_low?: number;
                    /**
                     * @description Of `canny`: what changes more than that is one, and what hangs together with it. OpenCV's second threshold.
                     * @default 200
                     */
                    control_canny_high?: number;
                    /** @description As `control_model`, of control 2. */
                    control_2_model?: string;
                    /**
                     * @description As `control_scale`, of control 2.
                     * @default 1
                     */
                    control_2_scale?: number;
                    /**
                     * @description As `control_start`, of control 2.
                     * @default 0
                     */
                    control_2_start?: number;
                    /**
                     * @description As `control_end`, of control 2.
                     * @default 1
                     */
                    control_2_end?: number;
                    /**
                     * @description As `control_type`, of control 2.
                     * @enum {string}
                     */
                    control_2_type?: "openpose" | "depth" | "scribble" | "lineart" | "normal" | "segment" | "tile" | "inpaint";
                    /**
                     * @description As `control_preprocessor`, of control 2.
                     * @enum {string}
                     */
                    control_2_preprocessor?: "none" | "canny" | "invert" | "inpaint";
                    /**
                     * @description As `control_canny_low`, of control 2.
                     * @default 100
                     */
                    control_2_canny_low?: number;
                    /**
                     * @description As `control_canny_high`, of control 2.
                     * @default 200
                     */
                    control_2_canny_high?: number;
                    /** @description As `control_model`, of control 3. */
                    control_3_model?: string;
                    /**
                     * @description As `control_scale`, of control 3.
                     * @default 1
                     */
                    control_3_scale?: number;
                    /**
                     * @description As `control_start`, of control 3.
                     * @default 0
                     */
                    control_3_start?: number;
                    /**
                     * @description As `control_end`, of control 3.
                     * @default 1
                     */
                    control_3_end?: number;
                    /**
                     * @description As `control_type`, of control 3.
                     * @enum {string}
                     */
                    control_3_type?: "openpose" | "depth" | "scribble" | "lineart" | "normal" | "segment" | "tile" | "inpaint";
                    /**
                     * @description As `control_preprocessor`, of control 3.
                     * @enum {string}
                     */
                    control_3_preprocessor?: "none" | "canny" | "invert" | "inpaint";
                    /**
                     * @description As `control_canny_low`, of control 3.
                     * @default 100
                     */
                    control_3_canny_low?: number;
                    /**
                     * @description As `control_canny_high`, of control 3.
                     * @default 200
                     */
                    control_3_canny_high?: number;
                    /**
                     * @description How many times as long each side of the result becomes after painting.
                     * @default 1
                     */
                    upscale?: number;
                    /**
                     * @description What enlarges it: `lanczos`, or an upscaler by the name that `/v1/models` lists.
                     * @default lanczos
                     */
                    upscaler?: string;
                    /**
                     * @description Above 0 the enlarged picture is painted once more at its size, with this strength (AUTOMATIC1111's hires. fix).
                     * @default 0
                     */
                    hires_strength?: number;
                    /** @description Steps of that, all of which run. Omitted: as `steps`. */
                    hires_steps?: number;
                    /**
                     * @default png
                     * @enum {string}
                     */
                    output_format?: "png" | "jpeg" | "webp";
                    /**
                     * @description Of JPEG and WebP.
                     * @default 90
                     */
                    output_quality?: number;
                    /**
                     * @description Writes the parameters into the files.
                     * @default true
                     */
                    embed_metadata?: boolean;
                    /**
                     * Format: uri
                     * @description Where events of the job are sent, signed: an https URL with port 443 or 8443.
                     */
                    webhook_url?: string;
                    /** @description Comma-separated, of job.started, job.progress, job.succeeded, job.failed, job.canceled, job.expired. Omitted: job.succeeded, job.failed, job.canceled, job.expired. */
                    webhook_events?: string | string[];
                    /** @description A JSON object of yours, at most 4096 bytes and 32 levels; shown with the job. */
                    metadata?: {
                        [key: string]: unknown;
                    };
                    /**
                     * @description Seconds from the end of the job until it is erased.
                     * @default 86400
                     */
                    expires_in?: number;
                    /**
                     * @description Seconds from now within which the job must start.
                     * @default 3600
                     */
                    deadline?: number;
                    /**
                     * @description What is repainted: the white, the black or the transparent (`alpha`) pixels of the mask file; without one, of the image, where only `alpha` is possible. Omitted: `white` with a mask file, else `alpha`. `white` and `black` keep what is transparent.
                     * @enum {string}
                     */
                    mask_mode?: "white" | "black" | "alpha";
                    /**
                     * @description Pixels by which the mask grows on every side.
                     * @default 0
                     */
                    mask_grow?: number;
                    /** @description Pixels of the blur of the mask's edge. Omitted: 4, under `diffusers` 0. */
                    mask_blur?: number;
                    /**
                     * @description What the repainted part begins from.
                     * @default original
                     * @enum {string}
                     */
                    masked_content?: "original" | "fill" | "noise" | "empty";
                    /**
                     * @description `masked`: only the mask's surroundings are painted, at width × height; the result has the input's size.
                     * @default whole
                     * @enum {string}
                     */
                    inpaint_area?: "whole" | "masked";
                    /**
                     * @description With `inpaint_area=masked`: pixels around the mask.
                     * @default 32
                     */
                    mask_padding?: number;
                    /** @description Keeps the pixels away from the mask exactly. Omitted: true, under `diffusers` only with `inpaint_area=masked`. */
                    composite?: boolean;
                    /**
                     * @description The mask's grey is a strength for each pixel.
                     * @default false
                     */
                    soft?: boolean;
                    /**
                     * @description Pixels by which the canvas grows on this side, with or without a mask. The new part begins from what `masked_content` says, the picture's edge for `original`, and is repainted together with 2.5 · `mask_blur` pixels of the picture beside it.
                     * @default 0
                     */
                    extend_left?: number;
                    /**
                     * @description As `extend_left`.
                     * @default 0
                     */
                    extend_top?: number;
                    /**
                     * @description As `extend_left`.
                     * @default 0
                     */
                    extend_right?: number;
                    /**
                     * @description As `extend_left`.
                     * @default 0
                     */
                    extend_bottom?: number;
                    /** @description As a `data:` URL or base64. */
                    reference_image?: string;
                    /** @description As a `data:` URL or base64. */
                    control_image?: string;
                    /** @description As a `data:` URL or base64. */
                    control_2_image?: string;
                    /** @description As a `data:` URL or base64. */
                    control_3_image?: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description The job. */
                    Location?: string;
                    /** @description `true`: an earlier request with this Idempotency-Key was accepted. */
                    "Idempotent-Replayed"?: string;
                    /** @description The wait of `Prefer` that was followed. */
                    "Preference-Applied"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description Default Response */
            202: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description The job. */
                    Location?: string;
                    /** @description `true`: an earlier request with this Idempotency-Key was accepted. */
                    "Idempotent-Replayed"?: string;
                    /** @description The wait of `Prefer` that was followed. */
                    "Preference-Applied"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description `invalid_request`: The request cannot be read. `invalid_multipart`: The multipart body cannot be read. `duplicate_field`: A field was sent twice. */
            400: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: The API key is missing or not valid. */
            401: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `foreign_page`: A page of another origin may not do this. `forbidden`: The API key may not do this. */
            403: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The request took too long to arrive. */
            408: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_in_progress`: A request with this Idempotency-Key is still being accepted. */
            409: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `expired`: The job has expired. `deleted`: The job was deleted. */
            410: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request is too large. */
            413: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The content type is not supported. */
            415: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `misdirected_request`: This server does not answer under this name. */
            421: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_fields`: Some fields are not valid. `not_supported`: This option is not supported. `unknown_model`: There is no such model. `unknown_lora`: There is no such LoRA. `unknown_reference_model`: There is no such IP-Adapter. `unknown_control`: There is no such ControlNet. `invalid_image`: The image cannot be used. `image_required`: An image is required. `mask_required`: A mask is required. `empty_mask`: The mask repaints nothing. `too_few_steps`: No step would run. `too_much_work`: The job is too large. `image_url_failed`: The image could not be fetched. `source_unavailable`: The source job has no such image. `idempotency_mismatch`: This Idempotency-Key was used for another request. `no_webhook_secret`: There is no webhook secret. `webhook_url_refused`: The webhook URL is refused. */
            422: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. `too_many_jobs`: Too many jobs at once. `quota_exceeded`: The day's quota is used up. `storage_quota`: Your jobs keep as much as they may. */
            429: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side. */
            500: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. `queue_full`: The queue is full. `no_worker`: No worker has announced a model yet. `overloaded`: The server is busy with other uploads. `enqueue_unknown`: It is not known whether the job was accepted. `storage_unavailable`: The storage cannot be reached. */
            503: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getJob: {
        parameters: {
            query?: {
                /** @description of a signed URL, or a browser token: in place of a key */
                token?: string;
                /** @description seconds to wait for the end of the job, at most 60 */
                wait?: number;
            };
            header?: never;
            path: {
                /** @example job_h5b2tqf6kzj3w4yx7acndlme2o */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description `invalid_request`: The request cannot be read. */
            400: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: The API key is missing or not valid. */
            401: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `foreign_page`: A page of another origin may not do this. `forbidden`: The API key may not do this. */
            403: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here. */
            404: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `expired`: The job has expired. `deleted`: The job was deleted. */
            410: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `misdirected_request`: This server does not answer under this name. */
            421: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_fields`: Some fields are not valid. */
            422: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side. */
            500: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example job_h5b2tqf6kzj3w4yx7acndlme2o */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            204: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_request`: The request cannot be read. */
            400: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: The API key is missing or not valid. */
            401: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `foreign_page`: A page of another origin may not do this. `forbidden`: The API key may not do this. */
            403: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here. */
            404: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `expired`: The job has expired. `deleted`: The job was deleted. */
            410: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `misdirected_request`: This server does not answer under this name. */
            421: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_fields`: Some fields are not valid. */
            422: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side. */
            500: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getImage: {
        parameters: {
            query?: {
                /** @description of a signed URL, or a browser token: in place of a key */
                token?: string;
                /** @description 1: answer with a signed URL of the object storage, if it has a public one */
                redirect?: "0" | "1";
            };
            header?: never;
            path: {
                /** @example job_h5b2tqf6kzj3w4yx7acndlme2o */
                id: string;
                n: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The picture */
            200: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Of the whole file; goes into If-None-Match and If-Range. */
                    ETag?: string;
                    /** @description A file name. */
                    "Content-Disposition"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "image/png": string;
                    "image/jpeg": string;
                    "image/webp": string;
                };
            };
            /** @description The part of it that Range asked for */
            206: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Of the whole file; goes into If-None-Match and If-Range. */
                    ETag?: string;
                    /** @description A file name. */
                    "Content-Disposition"?: string;
                    /** @description Which bytes these are, and of how many. */
                    "Content-Range"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "image/png": string;
                    "image/jpeg": string;
                    "image/webp": string;
                };
            };
            /** @description With `redirect=1`: where the picture is */
            302: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description A signed URL, good for five minutes. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The picture is still the one of If-None-Match */
            304: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Of the whole file; goes into If-None-Match and If-Range. */
                    ETag?: string;
                    /** @description A file name. */
                    "Content-Disposition"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_request`: The request cannot be read. */
            400: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: The API key is missing or not valid. */
            401: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `foreign_page`: A page of another origin may not do this. `forbidden`: The API key may not do this. */
            403: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here. */
            404: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_ready`: The job has no images yet. */
            409: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `expired`: The job has expired. `deleted`: The job was deleted. */
            410: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `range_not_satisfiable`: The range lies outside the image. */
            416: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `misdirected_request`: This server does not answer under this name. */
            421: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_fields`: Some fields are not valid. */
            422: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side. */
            500: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. `storage_unavailable`: The storage cannot be reached. */
            503: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getImageHead: {
        parameters: {
            query?: {
                /** @description of a signed URL, or a browser token: in place of a key */
                token?: string;
                /** @description 1: answer with a signed URL of the object storage, if it has a public one */
                redirect?: "0" | "1";
            };
            header?: never;
            path: {
                /** @example job_h5b2tqf6kzj3w4yx7acndlme2o */
                id: string;
                n: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The picture */
            200: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Of the whole file; goes into If-None-Match and If-Range. */
                    ETag?: string;
                    /** @description A file name. */
                    "Content-Disposition"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "image/png": string;
                    "image/jpeg": string;
                    "image/webp": string;
                };
            };
            /** @description The part of it that Range asked for */
            206: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Of the whole file; goes into If-None-Match and If-Range. */
                    ETag?: string;
                    /** @description A file name. */
                    "Content-Disposition"?: string;
                    /** @description Which bytes these are, and of how many. */
                    "Content-Range"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "image/png": string;
                    "image/jpeg": string;
                    "image/webp": string;
                };
            };
            /** @description With `redirect=1`: where the picture is */
            302: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description A signed URL, good for five minutes. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The picture is still the one of If-None-Match */
            304: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Of the whole file; goes into If-None-Match and If-Range. */
                    ETag?: string;
                    /** @description A file name. */
                    "Content-Disposition"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_request`: The request cannot be read. */
            400: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: The API key is missing or not valid. */
            401: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `foreign_page`: A page of another origin may not do this. `forbidden`: The API key may not do this. */
            403: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here. */
            404: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_ready`: The job has no images yet. */
            409: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `expired`: The job has expired. `deleted`: The job was deleted. */
            410: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `range_not_satisfiable`: The range lies outside the image. */
            416: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `misdirected_request`: This server does not answer under this name. */
            421: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_fields`: Some fields are not valid. */
            422: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side. */
            500: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. `storage_unavailable`: The storage cannot be reached. */
            503: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listJobs: {
        parameters: {
            query?: {
                limit?: number;
                /** @description `next_cursor` of the page before */
                cursor?: string;
                status?: "queued" | "processing" | "succeeded" | "failed" | "canceled" | "expired";
                kind?: "txt2img" | "img2img" | "inpaint";
                model?: string;
                /**
                 * @description only jobs that were made of a result of this one
                 * @example job_h5b2tqf6kzj3w4yx7acndlme2o
                 */
                source?: string;
                /** @description only jobs created at or after this time */
                since?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Job"][];
                        next_cursor: string | null;
                    };
                };
            };
            /** @description `invalid_request`: The request cannot be read. */
            400: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: The API key is missing or not valid. */
            401: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `foreign_page`: A page of another origin may not do this. `forbidden`: The API key may not do this. */
            403: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `misdirected_request`: This server does not answer under this name. */
            421: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_fields`: Some fields are not valid. */
            422: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side. */
            500: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    followJob: {
        parameters: {
            query?: {
                /** @description of a signed URL, or a browser token: in place of a key */
                token?: string;
                /** @description a small WebP of the pictures so far, one of them every so many steps, in turn; 0: none */
                previews?: number;
            };
            header?: never;
            path: {
                /** @example job_h5b2tqf6kzj3w4yx7acndlme2o */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The events */
            200: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["StreamEvent"];
                };
            };
            /** @description The job has ended and the reader has seen its end: stop reconnecting */
            204: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_request`: The request cannot be read. */
            400: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: The API key is missing or not valid. */
            401: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `foreign_page`: A page of another origin may not do this. `forbidden`: The API key may not do this. */
            403: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here. */
            404: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `expired`: The job has expired. `deleted`: The job was deleted. */
            410: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `misdirected_request`: This server does not answer under this name. */
            421: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_fields`: Some fields are not valid. */
            422: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side. */
            500: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createBrowserToken: {
        parameters: {
            query?: {
                /** @description how long it holds */
                seconds?: number;
            };
            header?: never;
            path: {
                /** @example job_h5b2tqf6kzj3w4yx7acndlme2o */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description null on a server without keys */
                        token: string | null;
                        expires_at: string | null;
                        /** @description the job, opened by the token */
                        urls: {
                            /** Format: uri */
                            self: string;
                            /** Format: uri */
                            events: string;
                        };
                    };
                };
            };
            /** @description `invalid_request`: The request cannot be read. */
            400: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: The API key is missing or not valid. */
            401: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `foreign_page`: A page of another origin may not do this. `forbidden`: The API key may not do this. */
            403: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here. */
            404: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The request took too long to arrive. */
            408: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `expired`: The job has expired. `deleted`: The job was deleted. */
            410: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request is too large. */
            413: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The content type is not supported. */
            415: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `misdirected_request`: This server does not answer under this name. */
            421: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_fields`: Some fields are not valid. */
            422: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side. */
            500: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example job_h5b2tqf6kzj3w4yx7acndlme2o */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description Default Response */
            202: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description `invalid_request`: The request cannot be read. */
            400: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: The API key is missing or not valid. */
            401: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `foreign_page`: A page of another origin may not do this. `forbidden`: The API key may not do this. */
            403: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here. */
            404: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The request took too long to arrive. */
            408: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `already_final`: The job has ended already. */
            409: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `expired`: The job has expired. `deleted`: The job was deleted. */
            410: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request is too large. */
            413: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The content type is not supported. */
            415: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `misdirected_request`: This server does not answer under this name. */
            421: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_fields`: Some fields are not valid. */
            422: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side. */
            500: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDeliveries: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example job_h5b2tqf6kzj3w4yx7acndlme2o */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Delivery"][];
                    };
                };
            };
            /** @description `invalid_request`: The request cannot be read. */
            400: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: The API key is missing or not valid. */
            401: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `foreign_page`: A page of another origin may not do this. `forbidden`: The API key may not do this. */
            403: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here. */
            404: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `expired`: The job has expired. `deleted`: The job was deleted. */
            410: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `misdirected_request`: This server does not answer under this name. */
            421: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_fields`: Some fields are not valid. */
            422: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side. */
            500: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    replayDelivery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example job_h5b2tqf6kzj3w4yx7acndlme2o */
                id: string;
                delivery: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            202: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Delivery"];
                };
            };
            /** @description `invalid_request`: The request cannot be read. */
            400: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: The API key is missing or not valid. */
            401: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `foreign_page`: A page of another origin may not do this. `forbidden`: The API key may not do this. */
            403: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here. */
            404: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The request took too long to arrive. */
            408: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `expired`: The job has expired. `deleted`: The job was deleted. */
            410: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request is too large. */
            413: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The content type is not supported. */
            415: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `misdirected_request`: This server does not answer under this name. */
            421: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_fields`: Some fields are not valid. */
            422: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side. */
            500: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rotateWebhookSecret: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        secret: string;
                    };
                };
            };
            /** @description `invalid_request`: The request cannot be read. */
            400: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: The API key is missing or not valid. */
            401: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `foreign_page`: A page of another origin may not do this. `forbidden`: The API key may not do this. */
            403: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The request took too long to arrive. */
            408: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request is too large. */
            413: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The content type is not supported. */
            415: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `misdirected_request`: This server does not answer under this name. */
            421: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_fields`: Some fields are not valid. `not_supported`: This option is not supported. */
            422: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. `too_many_secrets`: Too many webhook secrets are valid at once. */
            429: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side. */
            500: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sendTestEvent: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "url": "https://example.com/webhooks"
                 *     }
                 */
                "application/json": {
                    /** Format: uri */
                    url: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            202: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        /** @enum {string} */
                        type: "test";
                        /** Format: uri */
                        url: string;
                    };
                };
            };
            /** @description `invalid_request`: The request cannot be read. */
            400: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: The API key is missing or not valid. */
            401: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `foreign_page`: A page of another origin may not do this. `forbidden`: The API key may not do this. */
            403: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The request took too long to arrive. */
            408: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request is too large. */
            413: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The content type is not supported. */
            415: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `misdirected_request`: This server does not answer under this name. */
            421: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_fields`: Some fields are not valid. `no_webhook_secret`: There is no webhook secret. `webhook_url_refused`: The webhook URL is refused. */
            422: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side. */
            500: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getTestEvent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Delivery"];
                };
            };
            /** @description `invalid_request`: The request cannot be read. */
            400: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: The API key is missing or not valid. */
            401: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `foreign_page`: A page of another origin may not do this. `forbidden`: The API key may not do this. */
            403: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here. */
            404: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `misdirected_request`: This server does not answer under this name. */
            421: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_fields`: Some fields are not valid. */
            422: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side. */
            500: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listModels: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        object: "list";
                        data: {
                            id: string;
                            title: string;
                            description: string;
                            licence: string | null;
                            /**
                             * @default onnx
                             * @enum {string}
                             */
                            layout: "file" | "folder" | "onnx";
                            family: string;
                            /**
                             * @default generate
                             * @enum {string}
                             */
                            purpose: "generate" | "inpaint" | "refine";
                            /** @default [] */
                            missing: string[];
                            native_size: number;
                            sizes: {
                                min: number;
                                max: number;
                                multiple: number;
                            };
                            defaults: {
                                steps: number;
                                guidance_scale: number;
                                /** @enum {string} */
                                sampler: "euler" | "euler_a" | "heun" | "dpm2" | "dpm2_a" | "lms" | "ddim" | "unipc" | "pndm" | "lcm" | "dpmpp_2m" | "dpmpp_2m_sde" | "dpmpp_2s_a" | "dpmpp_sde" | "dpmpp_3m_sde";
                                /** @enum {string} */
                                schedule: "automatic" | "model" | "uniform" | "normal" | "karras" | "exponential" | "polyexponential" | "sgm_uniform" | "simple" | "ddim" | "beta" | "kl_optimal" | "align_your_steps";
                            };
                            prompts: string[];
                            /** @default null */
                            words: string[] | null;
                            /** @default 12 */
                            clip_skip_max: number;
                            unsupported: string[];
                            /** @default false */
                            safety_checker: boolean;
                            available: boolean;
                            default: boolean;
                            /** @enum {string} */
                            object: "model";
                            /** @description always 0 */
                            created: number;
                            owned_by: string;
                        }[];
                        adapters: {
                            /** @enum {string} */
                            kind: "lora" | "embedding" | "ip-adapter" | "controlnet" | "t2i-adapter" | "upscaler";
                            name: string;
                            alias: string | null;
                            family: string | null;
                            control_types?: ("openpose" | "depth" | "scribble" | "lineart" | "normal" | "segment" | "tile" | "inpaint")[];
                            models: string[];
                        }[];
                    };
                };
            };
            /** @description `invalid_request`: The request cannot be read. */
            400: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: The API key is missing or not valid. */
            401: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `foreign_page`: A page of another origin may not do this. `forbidden`: The API key may not do this. */
            403: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `misdirected_request`: This server does not answer under this name. */
            421: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_fields`: Some fields are not valid. */
            422: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side. */
            500: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getModel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        title: string;
                        description: string;
                        licence: string | null;
                        /**
                         * @default onnx
                         * @enum {string}
                         */
                        layout: "file" | "folder" | "onnx";
                        family: string;
                        /**
                         * @default generate
                         * @enum {string}
                         */
                        purpose: "generate" | "inpaint" | "refine";
                        /** @default [] */
                        missing: string[];
                        native_size: number;
                        sizes: {
                            min: number;
                            max: number;
                            multiple: number;
                        };
                        defaults: {
                            steps: number;
                            guidance_scale: number;
                            /** @enum {string} */
                            sampler: "euler" | "euler_a" | "heun" | "dpm2" | "dpm2_a" | "lms" | "ddim" | "unipc" | "pndm" | "lcm" | "dpmpp_2m" | "dpmpp_2m_sde" | "dpmpp_2s_a" | "dpmpp_sde" | "dpmpp_3m_sde";
                            /** @enum {string} */
                            schedule: "automatic" | "model" | "uniform" | "normal" | "karras" | "exponential" | "polyexponential" | "sgm_uniform" | "simple" | "ddim" | "beta" | "kl_optimal" | "align_your_steps";
                        };
                        prompts: string[];
                        /** @default null */
                        words: string[] | null;
                        /** @default 12 */
                        clip_skip_max: number;
                        unsupported: string[];
                        /** @default false */
                        safety_checker: boolean;
                        available: boolean;
                        default: boolean;
                        /** @enum {string} */
                        object: "model";
                        /** @description always 0 */
                        created: number;
                        owned_by: string;
                    };
                };
            };
            /** @description `invalid_request`: The request cannot be read. */
            400: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: The API key is missing or not valid. */
            401: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `foreign_page`: A page of another origin may not do this. `forbidden`: The API key may not do this. */
            403: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here. */
            404: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `misdirected_request`: This server does not answer under this name. */
            421: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_fields`: Some fields are not valid. */
            422: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side. */
            500: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCapabilities: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        samplers: {
                            /** @enum {string} */
                            name: "euler" | "euler_a" | "heun" | "dpm2" | "dpm2_a" | "lms" | "ddim" | "unipc" | "pndm" | "lcm" | "dpmpp_2m" | "dpmpp_2m_sde" | "dpmpp_2s_a" | "dpmpp_sde" | "dpmpp_3m_sde";
                            label: string;
                            aliases: string[];
                        }[];
                        schedules: {
                            /** @enum {string} */
                            name: "automatic" | "model" | "uniform" | "normal" | "karras" | "exponential" | "polyexponential" | "sgm_uniform" | "simple" | "ddim" | "beta" | "kl_optimal" | "align_your_steps";
                            label: string;
                        }[];
                        output_formats: ("png" | "jpeg" | "webp")[];
                        input_formats: ("png" | "jpeg" | "webp")[];
                        limits: {
                            image_bytes: number;
                            image_pixels: number;
                            image_side: number;
                            image_aspect: number;
                            prompt_characters: number;
                            prompt_bytes: number;
                            size_min: number;
                            size_max: number;
                            size_multiple: number;
                            steps_max: number;
                            clip_skip_max: number;
                            images_max: number;
                            seed_max: number;
                            metadata_bytes: number;
                            metadata_depth: number;
                            url_characters: number;
                            result_pixels: number;
                            pixel_steps_max: number;
                        };
                    };
                };
            };
            /** @description `invalid_request`: The request cannot be read. */
            400: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: The API key is missing or not valid. */
            401: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `foreign_page`: A page of another origin may not do this. `forbidden`: The API key may not do this. */
            403: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `misdirected_request`: This server does not answer under this name. */
            421: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_fields`: Some fields are not valid. */
            422: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side. */
            500: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getUsage: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        tenant: string;
                        /** @description accepted and not ended */
                        jobs: number;
                        /** @description jobs that wait */
                        queued: number;
                        /** @description megapixel-steps since midnight UTC */
                        work_today: number;
                        /** @description megabytes that its jobs keep */
                        storage: number;
                        limits: {
                            /** @description share of the service relative to other tenants (1) */
                            weight?: number;
                            /** @description jobs accepted and not ended */
                            max_jobs?: number;
                            /** @description jobs that wait */
                            max_queued?: number;
                            /** @description megapixel-steps per UTC day */
                            daily_work?: number;
                            /** @description megabytes that jobs keep, 0.1 for each record */
                            max_storage?: number;
                            requests_per_minute?: number;
                            allowed_models?: string[];
                            /** @description width × height of one image */
                            max_pixels?: number;
                            max_steps?: number;
                            /**
                             * @description whether unsafe results are flagged or blocked, in the place of what the service does (SAFETY_CHECKER)
                             * @enum {string}
                             */
                            safety?: "off" | "flag" | "block";
                        };
                    };
                };
            };
            /** @description `invalid_request`: The request cannot be read. */
            400: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: The API key is missing or not valid. */
            401: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `foreign_page`: A page of another origin may not do this. `forbidden`: The API key may not do this. */
            403: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `misdirected_request`: This server does not answer under this name. */
            421: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_fields`: Some fields are not valid. */
            422: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side. */
            500: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getVersion: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description as the CHANGELOG counts */
                        version: string;
                    };
                };
            };
            /** @description `invalid_request`: The request cannot be read. */
            400: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: The API key is missing or not valid. */
            401: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `foreign_page`: A page of another origin may not do this. `forbidden`: The API key may not do this. */
            403: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `misdirected_request`: This server does not answer under this name. */
            421: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_fields`: Some fields are not valid. */
            422: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side. */
            500: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listKeys: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Key"][];
                    };
                };
            };
            /** @description `invalid_request`: The request cannot be read. */
            400: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: The API key is missing or not valid. */
            401: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `foreign_page`: A page of another origin may not do this. `forbidden`: The API key may not do this. */
            403: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `misdirected_request`: This server does not answer under this name. */
            421: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_fields`: Some fields are not valid. */
            422: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side. */
            500: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createKey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "tenant": "acme",
                 *       "scopes": [
                 *         "submit",
                 *         "read"
                 *       ],
                 *       "limits": {
                 *         "weight": 2,
                 *         "max_queued": 200
                 *       }
                 *     }
                 */
                "application/json": {
                    tenant: string;
                    /**
                     * @default [
                     *       "submit",
                     *       "read"
                     *     ]
                     */
                    scopes?: ("submit" | "read" | "admin")[];
                    /** @default {} */
                    limits?: {
                        /** @description share of the service relative to other tenants (1) */
                        weight?: number;
                        /** @description jobs accepted and not ended */
                        max_jobs?: number;
                        /** @description jobs that wait */
                        max_queued?: number;
                        /** @description megapixel-steps per UTC day */
                        daily_work?: number;
                        /** @description megabytes that jobs keep, 0.1 for each record */
                        max_storage?: number;
                        requests_per_minute?: number;
                        allowed_models?: string[];
                        /** @description width × height of one image */
                        max_pixels?: number;
                        max_steps?: number;
                        /**
                         * @description whether unsafe results are flagged or blocked, in the place of what the service does (SAFETY_CHECKER)
                         * @enum {string}
                         */
                        safety?: "off" | "flag" | "block";
                    };
                    /** Format: date-time */
                    expires_at?: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        key: components["schemas"]["Key"];
                        /** @description shown once */
                        token: string;
                    };
                };
            };
            /** @description `invalid_request`: The request cannot be read. */
            400: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: The API key is missing or not valid. */
            401: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `foreign_page`: A page of another origin may not do this. `forbidden`: The API key may not do this. */
            403: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The request took too long to arrive. */
            408: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request is too large. */
            413: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The content type is not supported. */
            415: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `misdirected_request`: This server does not answer under this name. */
            421: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_fields`: Some fields are not valid. */
            422: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side. */
            500: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revokeKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            204: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_request`: The request cannot be read. */
            400: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: The API key is missing or not valid. */
            401: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `foreign_page`: A page of another origin may not do this. `forbidden`: The API key may not do this. */
            403: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here. */
            404: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `misdirected_request`: This server does not answer under this name. */
            421: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_fields`: Some fields are not valid. */
            422: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side. */
            500: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rotateKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        key: components["schemas"]["Key"];
                        /** @description shown once */
                        token: string;
                    };
                };
            };
            /** @description `invalid_request`: The request cannot be read. */
            400: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: The API key is missing or not valid. */
            401: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `foreign_page`: A page of another origin may not do this. `forbidden`: The API key may not do this. */
            403: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here. */
            404: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: The request took too long to arrive. */
            408: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request is too large. */
            413: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The content type is not supported. */
            415: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `misdirected_request`: This server does not answer under this name. */
            421: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_fields`: Some fields are not valid. */
            422: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side. */
            500: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    /** @description The request's own, where it is at most 36 letters, digits and hyphens, else a new one. */
                    "X-Request-Id"?: string;
                    /** @description Seconds, where a repeat can help. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    jobEvent: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebhookEvent"];
            };
        };
        responses: {
            /** @description Taken; anything else, or nothing within 15 seconds, is tried again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
}
